using ChatGrpc.Model;
using ChatGrpc.Providers.Ollama;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaOptionsTests
{
    [Theory]
    [InlineData("", "http://127.0.0.1:11434/")]
    [InlineData("  ", "http://127.0.0.1:11434/")]
    [InlineData("localhost", "http://localhost:11434/")]
    [InlineData("gpu.example", "http://gpu.example:11434/")]
    [InlineData("gpu.example:80", "http://gpu.example/")]
    [InlineData("10.0.0.5:1234", "http://10.0.0.5:1234/")]
    [InlineData(" \"10.0.0.5:1234\" ", "http://10.0.0.5:1234/")]
    [InlineData("'10.0.0.5'", "http://10.0.0.5:11434/")]
    [InlineData(":8080", "http://127.0.0.1:8080/")]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/")]
    [InlineData("0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://0.0.0.0:11434", "http://127.0.0.1:11434/")]
    [InlineData("::", "http://[::1]:11434/")]
    [InlineData("[::]", "http://[::1]:11434/")]
    [InlineData("[::]:8080", "http://[::1]:8080/")]
    [InlineData("::1", "http://[::1]:11434/")]
    [InlineData("[::1]:8080", "http://[::1]:8080/")]
    [InlineData("fe80::1", "http://[fe80::1]:11434/")]
    [InlineData("http://gpu.example", "http://gpu.example/")]
    [InlineData("http://gpu.example:11434/", "http://gpu.example:11434/")]
    [InlineData("HTTP://gpu.example:11434", "http://gpu.example:11434/")]
    [InlineData("https://ollama.com", "https://ollama.com/")]
    [InlineData("https://example.org/ollama/", "https://example.org/ollama")]
    [InlineData("http://", "http://127.0.0.1/")]
    [InlineData("example.org/ollama", "http://example.org:11434/ollama")]
    public void BaseUrlOf_Host_WhereOllamasOwnToolsWouldAsk(string host, string expected) =>
        Assert.Equal(expected, OllamaOptions.BaseUrlOf("OLLAMA_HOST", host).AbsoluteUri);

    [Theory]
    [InlineData("ftp://gpu.example")]
    [InlineData("gpu.example:eleven")]
    [InlineData("gpu.example:99999")]
    [InlineData("gpu example")]
    [InlineData("me:secret@gpu.example")]
    [InlineData("http://me:secret@gpu.example")]
    [InlineData("gpu.example?key=secret")]
    [InlineData("http://gpu.example/ollama?key=secret")]
    [InlineData("http://gpu.example/#secret")]
    public void BaseUrlOf_NoHost_OneSentenceWithSettingAndFix(string host)
    {
        var exception = Assert.Throws<StartupException>(() => OllamaOptions.BaseUrlOf("OLLAMA_HOST", host));

        Assert.StartsWith("OLLAMA_HOST ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu.example", "http://gpu.example:11434/api/chat", "http://gpu.example:11434/api/tags")]
    [InlineData("https://a.example/b", "https://a.example/b/api/chat", "https://a.example/b/api/tags")]
    public void Urls_BelowTheBase(string host, string chat, string tags)
    {
        var options = new OllamaOptions { BaseUrl = OllamaOptions.BaseUrlOf("OLLAMA_HOST", host) };

        Assert.Equal((chat, tags), (options.ChatUrl.AbsoluteUri, options.TagsUrl.AbsoluteUri));
    }
}
