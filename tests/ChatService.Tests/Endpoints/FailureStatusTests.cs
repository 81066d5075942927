using ChatGrpc.Endpoints;
using ChatGrpc.Model;
using Google.Rpc;
using Grpc.Core;

namespace ChatGrpc.Tests.Endpoints;

public sealed class FailureStatusTests
{
    [Fact]
    public void Of_AFailure_KeepsItsCodeWordsReasonAndMetadata()
    {
        var status = FailureStatus.Of(new Failure(Code.ResourceExhausted, "PROVIDER_RATE_LIMITED", "Later.")
        {
            RetryAfter = TimeSpan.FromSeconds(1.5),
            Metadata = new Dictionary<string, string> { ["provider"] = "openai" },
        });

        Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode);
        Assert.Equal("Later.", status.Status.Detail);
        var details = status.GetRpcStatus()!;
        Assert.Equal(((int)Code.ResourceExhausted, "Later."), (details.Code, details.Message));
        var info = details.GetDetail<ErrorInfo>()!;
        Assert.Equal(("PROVIDER_RATE_LIMITED", "chat.v1"), (info.Reason, info.Domain));
        Assert.Equal("openai", info.Metadata["provider"]);
        Assert.Equal(TimeSpan.FromSeconds(1.5), details.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan());
        Assert.Null(details.GetDetail<BadRequest>());
    }

    [Fact]
    public void Of_FieldsAtFault_NamesEachWithItsRule()
    {
        var failure = Failure.InvalidRequest([new("top_p", "must be at most 1"), new("model", "must not be empty")]);

        var details = FailureStatus.Of(failure).GetRpcStatus()!;

        Assert.Equal(
            [("top_p", "must be at most 1"), ("model", "must not be empty")],
            details.GetDetail<BadRequest>()!.FieldViolations.Select(found => (found.Field, found.Description)));
        Assert.Null(details.GetDetail<RetryInfo>());
    }
}
