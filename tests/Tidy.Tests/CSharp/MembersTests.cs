namespace Tidy.Tests.CSharp;

public sealed class MembersTests
{
    private const string Sample = """
        using System;

        namespace Sample;

        [Serializable]
        internal sealed record Point(int X, int Y)
        {
            private static readonly Dictionary<string, int> Table = new()
            {
                ["a"] = 1,
            };

            public Point(int x)
                : this(x, 0)
            {
            }

            public int Sum
            {
                get { return X + Y; }
            }

            public int Twice(int by = 2) => new[] { X, Y }
                .Sum();

            public T Make<T>(Func<T> make)
                where T : class
            {
                if (X == 1) { return make(); }
                T Local() { return make(); }
                return Local();
            }

            private enum Kind { A, B }

            private interface IInner { void Do(); }
        }
        """;

    [Fact]
    public void Of_TypeWithEveryKind_FindsThoseWithBodies()
    {
        var lines = Members.Of(CodeMask.Of(Sample))
            .Select(member => (member.Name, Lines: Sample[member.Start..member.End].Count(c => c == '\n') + 1));

        Assert.Equal(
            [("Point", 4), ("Sum", 4), ("Twice", 2), ("Make", 7), ("Do", 1)],
            lines.Where(member => member.Name is not ("System" or "Sample")));
    }
}
