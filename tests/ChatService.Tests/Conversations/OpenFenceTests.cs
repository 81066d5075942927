using ChatGrpc.Conversations;

namespace ChatGrpc.Tests.Conversations;

public sealed class OpenFenceTests
{
    [Theory]
    [InlineData("Text.\n```csharp\nvar x = 1;", "```\n")]
    [InlineData("~~~~ sh\n~~~\n```", "~~~~\n")]
    [InlineData("  ````\n```\n```` no\n    ````", "  ````\n")]
    [InlineData("```\r\na\r\n```\r\n```\r\nb", "```\n")]
    [InlineData("- ```\n  code", "  ```\n")]
    [InlineData("1. first\n   ```sh\n   ls", "   ```\n")]
    [InlineData("- item\n\n```\ncode\n- more", "```\n")]
    [InlineData("```\ncode\n  ```  ", "")]
    [InlineData("~~~\n```\n~~~", "")]
    [InlineData("``` a`b", "")]
    [InlineData("    ```\nindented", "")]
    [InlineData("Two `` of them", "")]
    [InlineData("- ```\n  code\n  ```\n\ntext", "")]
    [InlineData("- ```\n  code\ntext outside", "")]
    [InlineData("> ```\n> code", "")]
    [InlineData("", "")]
    public void ClosingOf_Text_WhatClosesIt(string text, string closing) =>
        Assert.Equal(closing, OpenFence.ClosingOf(text));
}
