using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Demo;
using Google.Protobuf;

namespace ChatGrpc.Tests.Providers.Demo;

public sealed class DemoAnswersTests
{
    [Theory]
    [InlineData("Hello", "built into this service")]
    [InlineData("hi!", "built into this service")]
    [InlineData("help", "Ask me about")]
    [InlineData("What can you do?", "Ask me about")]
    [InlineData("Who are you?", "demonstration model")]
    [InlineData("How does streaming work?", "session_info")]
    [InlineData("can i cancel an answer", "CancelStream")]
    [InlineData("And RESUME?", "sequence number")]
    [InlineData("Which models are there?", "OPENAI_API_KEY")]
    [InlineData("How do I set a key?", "OPENAI_BASE_URL")]
    [InlineData("What is a session", "session_id")]
    [InlineData("usage?", "stream_end")]
    [InlineData("errors", "PROVIDER_RATE_LIMITED")]
    [InlineData("Which languages do you speak?", "こんにちは")]
    [InlineData("Show me Markdown", "| event | says |")]
    [InlineData("Show me Markdown", "```csharp")]
    [InlineData("Thanks", "welcome")]
    [InlineData("Why is the sky blue?", "“Why is the sky blue?”. That is 5 words")]
    [InlineData("Hilarious", "That is 1 word, in a conversation of which I see 1 message.")]
    [InlineData("   ", "no text")]
    public void To_Question_UsefulAnswer(string question, string expected) =>
        Assert.Contains(expected, To(question), StringComparison.Ordinal);

    [Theory]
    [InlineData("Wie ist das Wetter?", "Hallo!")]
    [InlineData("Hallo", "Hallo!")]
    [InlineData("Quel est le sens de la vie ?", "Bonjour !")]
    [InlineData("Bonjour", "Bonjour !")]
    [InlineData("¿Qué puedes hacer?", "¡Hola!")]
    [InlineData("Hola", "¡Hola!")]
    [InlineData("Olá, como você está?", "Olá!")]
    [InlineData("Ciao, cosa puoi fare?", "Ciao!")]
    [InlineData("Что ты умеешь?", "Здравствуйте!")]
    [InlineData("你能做什么？", "你好")]
    [InlineData("日本語で話せますか", "こんにちは")]
    [InlineData("무엇을 할 수 있나요?", "안녕하세요")]
    [InlineData("ماذا يمكنك أن تفعل؟", "مرحبًا")]
    [InlineData("आप क्या कर सकते हैं?", "नमस्ते")]
    public void To_OtherLanguage_AnswersInItAndEchoes(string question, string greeting)
    {
        var answer = To(question);

        Assert.StartsWith(greeting, answer, StringComparison.Ordinal);
        Assert.Contains(question, answer, StringComparison.Ordinal);
        Assert.Contains("OPENAI_API_KEY", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void To_OneForeignWordInAnEnglishQuestion_English() =>
        Assert.StartsWith("You wrote", To("Please translate the word 你好 for me"), StringComparison.Ordinal);

    [Fact]
    public void To_WhatDidISay_EarlierMessages()
    {
        var answer = DemoAnswers.To(new DemoConversation(
            [Requests.User("My cat is\nIris"), Requests.Assistant("I see."), Requests.User("What did I say before?")],
            "What did I say before?"));

        Assert.Contains("3 messages", answer, StringComparison.Ordinal);
        Assert.Contains("- “My cat is Iris”", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("I see.\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void To_WhatDidISay_NothingBefore() =>
        Assert.Contains("first message", To("What did I say before?"), StringComparison.Ordinal);

    [Fact]
    public void To_LongMessage_EchoShortenedBetweenCharacters() =>
        Assert.Contains($"“{Smiles(200)}…”", To(Smiles(300)), StringComparison.Ordinal);

    [Fact]
    public void To_Picture_SaysWhatArrived()
    {
        var picture = new Part { Image = new() { MediaType = "image/png", Data = ByteString.CopyFrom(1, 2, 3) } };

        var answer = DemoAnswers.To(new DemoConversation(
            [new ModelMessage(ModelRole.User, [new Part { Text = "What is this?" }, picture])], "What is this?"));

        Assert.Contains("image/png of 3 bytes", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void To_EveryTopic_NoTraceOfTheSourcesLineBreaks() =>
        Assert.All(
            ["help", "resume", "cancel", "stream", "session", "key", "model", "usage", "error", "language", "hello"],
            question => Assert.DoesNotContain('\\', To(question)));

    private static string Smiles(int count) => string.Concat(Enumerable.Repeat("😀", count));

    private static string To(string question) =>
        DemoAnswers.To(new DemoConversation([Requests.User(question)], question));
}
