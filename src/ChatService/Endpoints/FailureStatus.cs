using ChatGrpc.Model;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>The one place where failures become gRPC statuses with google.rpc details.</summary>
internal static class FailureStatus
{
    private const string Domain = "chat.v1";

    public static RpcException Of(Failure failure)
    {
        var info = new ErrorInfo { Reason = failure.Reason, Domain = Domain };
        info.Metadata.Add(failure.Metadata.ToDictionary());
        var status = new Google.Rpc.Status
        {
            Code = (int)failure.Code,
            Message = failure.Message,
            Details = { Any.Pack(info) },
        };
        if (failure.Violations.Count > 0)
        {
            status.Details.Add(Any.Pack(BadRequestOf(failure)));
        }

        if (failure.RetryAfter is { } wait)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        }

        return status.ToRpcException();
    }

    public static void ThrowIfFailed(this Failure? failure)
    {
        if (failure is not null)
        {
            throw Of(failure);
        }
    }

    private static BadRequest BadRequestOf(Failure failure)
    {
        var request = new BadRequest();
        foreach (var violation in failure.Violations)
        {
            request.FieldViolations.Add(
                new BadRequest.Types.FieldViolation { Field = violation.Field, Description = violation.Rule });
        }

        return request;
    }
}
