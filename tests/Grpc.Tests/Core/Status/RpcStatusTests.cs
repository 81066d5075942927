using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Xunit;

// Not Grpc.Tests.Core.Status: a namespace of that name would hide the type in its neighbours.
namespace Grpc.Tests.Core;

public sealed class RpcStatusTests
{
    private static readonly Google.Rpc.Status Rich = new()
    {
        Code = (int)Code.ResourceExhausted,
        Message = "Too många calls.",
        Details =
        {
            Any.Pack(new ErrorInfo { Reason = "RATE", Domain = "chat", Metadata = { { "limit", "calls" } } }),
            Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) }),
        },
    };

    [Fact]
    public void ToRpcException_OfARichStatus_SaysTheSameTwice()
    {
        var error = Rich.ToRpcException();

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(Rich.Message, error.Status.Detail);
        Assert.Equal(Rich, error.GetRpcStatus());
    }

    [Fact]
    public void GetDetail_OfAType_FindsItOrNull()
    {
        Assert.Equal(2, Rich.GetDetail<RetryInfo>()?.RetryDelay.Seconds);
        Assert.Equal("RATE", Rich.GetDetail<ErrorInfo>()?.Reason);
        Assert.Null(Rich.GetDetail<BadRequest>());
    }

    [Fact]
    public void GetRpcStatus_WithoutDetails_IsNull()
    {
        Assert.Null(new RpcException(Grpc.Core.Status.DefaultCancelled).GetRpcStatus());
    }

    [Fact]
    public void GetRpcStatus_OfABrokenTrailer_ThrowsUnlessIgnored()
    {
        var trailers = new Metadata { { "grpc-status-details-bin", [0xFF] } };

        Assert.Throws<InvalidProtocolBufferException>(() => trailers.GetRpcStatus());
        Assert.Null(trailers.GetRpcStatus(ignoreParseError: true));
    }

    [Theory]
    [InlineData("google.rpc.ErrorInfo", "reason=1 domain=2 metadata=3")]
    [InlineData("google.rpc.RetryInfo", "retry_delay=1")]
    [InlineData("google.rpc.DebugInfo", "stack_entries=1 detail=2")]
    [InlineData("google.rpc.QuotaFailure", "violations=1")]
    [InlineData("google.rpc.QuotaFailure.Violation", "subject=1 description=2")]
    [InlineData("google.rpc.PreconditionFailure", "violations=1")]
    [InlineData("google.rpc.PreconditionFailure.Violation", "type=1 subject=2 description=3")]
    [InlineData("google.rpc.BadRequest", "field_violations=1")]
    [InlineData("google.rpc.BadRequest.FieldViolation", "field=1 description=2")]
    [InlineData("google.rpc.RequestInfo", "request_id=1 serving_data=2")]
    [InlineData("google.rpc.ResourceInfo", "resource_type=1 resource_name=2 owner=3 description=4")]
    [InlineData("google.rpc.Help", "links=1")]
    [InlineData("google.rpc.Help.Link", "description=1 url=2")]
    [InlineData("google.rpc.LocalizedMessage", "locale=1 message=2")]
    public void Descriptor_OfADetail_HasThePublishedNumbers(string name, string fields)
    {
        var messages = ErrorDetailsReflection.Descriptor.MessageTypes;
        var message = messages
            .Concat(messages.SelectMany(parent => parent.NestedTypes))
            .Single(candidate => candidate.FullName == name);

        Assert.Equal(
            fields, string.Join(' ', message.Fields.InFieldNumberOrder().Select(f => $"{f.Name}={f.FieldNumber}")));
    }

    [Fact]
    public void Code_OfEachStatusCode_HasTheSameNumber()
    {
        Assert.Equal(Numbers<Code>(), Numbers<StatusCode>());
    }

    private static Dictionary<string, int> Numbers<T>()
        where T : struct, System.Enum =>
        System.Enum.GetValues<T>().ToDictionary(
            code => code.ToString().ToUpperInvariant(),
            code => Convert.ToInt32(code, null));
}
