namespace Tidy.Tests.CSharp;

public sealed class DeclarationsTests
{
    [Theory]
    [InlineData("internal sealed class Apple : Fruit", "Apple")]
    [InlineData("public readonly record struct Pear(int X)", "Pear")]
    [InlineData("record Plum;", "Plum")]
    [InlineData("enum Kind { A }", "Kind")]
    [InlineData("class Box<T> where T : class where U : struct", "Box")]
    [InlineData("public delegate Task<int> Picker<in T>(T tree);", "Picker")]
    [InlineData("void Run(Apple apple) { }", "")]
    public void TypesIn_Declaration_IsItsName(string code, string name) =>
        Assert.Equal(name.Length > 0 ? [name] : [], Declarations.TypesIn(code));

    [Fact]
    public void ExtensionsIn_StaticClass_AreTheMethodsWithThis() =>
        Assert.Equal(
            ["Ripen", "Pick"],
            Declarations.ExtensionsIn("void Ripen(this Apple a) T Pick<T>(\n    this T tree) void Eat(Apple a)"));
}
