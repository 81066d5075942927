using ChatGrpc.Conversations;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;
using Google.Protobuf;
using Google.Rpc;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Conversations;

public sealed class SessionUploadTests
{
    [Fact]
    public async Task MoveNext_SilenceAfterAPiece_EndsAfter60SecondsAndGivesTheMemoryBack()
    {
        await using var scene = new TurnScene(new TurnOptions { MaxMemory = 1 << 20 });
        var admission = new Admission(scene.Registry, scene.Follower, Options.Create(scene.Options), scene.Clock);
        using (var upload = new SessionUpload(admission, scene.Clock))
        {
            var first = await upload.MoveNextAsync(_ => Task.FromResult(true), CancellationToken.None).InTime();
            Assert.Equal((true, null), first);
            Assert.Null(upload.TryAdd(ByteString.CopyFromUtf8("{")));
            Assert.Null(admission.TryEnter());

            var next = upload.MoveNextAsync(Never, CancellationToken.None);
            scene.Clock.Advance(TimeSpan.FromSeconds(59.9));
            Assert.False(next.IsCompleted);
            scene.Clock.Advance(TimeSpan.FromSeconds(0.1));

            var (hasNext, failure) = await next.InTime();
            Assert.False(hasNext);
            Assert.Equal((Code.DeadlineExceeded, "IMPORT_STALLED"), (failure!.Code, failure.Reason));
        }

        Assert.NotNull(admission.TryEnter());
    }

    [Fact]
    public async Task TryAdd_ManyPiecesOfNothing_AreCountedToo()
    {
        await using var scene = new TurnScene(new TurnOptions { MaxMemory = 1 << 20 });
        var admission = new Admission(scene.Registry, scene.Follower, Options.Create(scene.Options), scene.Clock);
        using var upload = new SessionUpload(admission, scene.Clock);

        var refused = Enumerable.Range(0, 100_000).Select(_ => upload.TryAdd(ByteString.Empty)).FirstOrDefault(
            failure => failure is not null);

        Assert.Equal("OVERLOADED", refused?.Reason);
    }

    private static Task<bool> Never(CancellationToken cancellationToken) =>
        new TaskCompletionSource<bool>().Task.WaitAsync(cancellationToken);
}
