using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Interop.V1;

namespace Interop.Tests.Server;

/// <summary>The service that all clients call; interop.proto says what its methods do.</summary>
internal sealed class InteropService(ScriptedCalls calls) : V1.InteropService.InteropServiceBase
{
    // Metadata with other names is the transport's or the client library's own.
    private const string OwnNames = "interop-";

    public override async Task<EchoResponse> Echo(EchoRequest request, ServerCallContext context)
    {
        var own = context.RequestHeaders.Where(entry => entry.Key.StartsWith(OwnNames, StringComparison.Ordinal));
        var headers = new Metadata();
        foreach (var entry in own)
        {
            headers.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        ThrowIfAsked(request.Failure);
        await context.WriteResponseHeadersAsync(headers);
        var response = new EchoResponse
        {
            Text = request.Text,
            Payload = request.Payload,
            PayloadSha256 = Convert.ToHexStringLower(SHA256.HashData(request.Payload.Span)),
        };
        response.Metadata.AddRange(
            from entry in headers
            group entry.IsBinary ? Convert.ToHexStringLower(entry.ValueBytes) : entry.Value by entry.Key into values
            select new Entry { Name = values.Key, Values = { values } });
        return response;
    }

    public override async Task Script(
        ScriptRequest request, IServerStreamWriter<ScriptResponse> responseStream, ServerCallContext context)
    {
        var call = calls.Named(request.CallId);
        var cancelled = false;
        try
        {
            await PlayAsync(request, responseStream, context, call);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            cancelled = true;
            throw;
        }
        finally
        {
            call.End(cancelled, hasDeadline: context.Deadline != DateTime.MaxValue);
        }
    }

    public override Task<OpenResponse> Open(OpenRequest request, ServerCallContext context)
    {
        calls.Named(request.CallId).Open();
        return Task.FromResult(new OpenResponse());
    }

    public override Task<ObserveResponse> Observe(ObserveRequest request, ServerCallContext context) =>
        calls.Named(request.CallId).EndedAsync();

    private static async Task PlayAsync(
        ScriptRequest request,
        IServerStreamWriter<ScriptResponse> responses,
        ServerCallContext context,
        ScriptedCall call)
    {
        var cancellation = context.CancellationToken;
        if (request.HeadersFirst)
        {
            await context.WriteResponseHeadersAsync([]);
        }

        for (var i = 0; i < request.Messages; i++)
        {
            if (i == 0 ? request.HeadersFirst : request.LockStep)
            {
                await call.OpenedAsync(cancellation);
            }

            var connection = context.GetHttpContext().Connection.Id;
            await responses.WriteAsync(new ScriptResponse { Index = i, Connection = connection }, cancellation);
        }

        if (request.Hold)
        {
            // Nobody opens this gate: the call's token ends the wait.
            await call.OpenedAsync(cancellation);
        }

        ThrowIfAsked(request.Failure);
    }

    private static void ThrowIfAsked(Failure? failure)
    {
        if (failure is null)
        {
            return;
        }

        if (!failure.Details)
        {
            throw new RpcException(new Grpc.Core.Status((StatusCode)failure.Code, failure.Message));
        }

        var status = new Google.Rpc.Status { Code = failure.Code, Message = failure.Message };
        var reason = new ErrorInfo { Reason = "ASKED_FOR", Domain = "interop.example" };
        reason.Metadata.Add("who", "客户");
        var violation = new BadRequest.Types.FieldViolation { Field = "failure.code", Description = "It is set. 🙂" };
        status.Details.Add(Any.Pack(reason));
        status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violation } }));
        throw status.ToRpcException();
    }
}

/// <summary>The calls of Script by the name that their client gave them.</summary>
internal sealed class ScriptedCalls : IDisposable
{
    private readonly ConcurrentDictionary<string, ScriptedCall> _calls = new();

    public bool Has(string id) => _calls.ContainsKey(id);

    public ScriptedCall Named(string id) => _calls.GetOrAdd(id, _ => new ScriptedCall());

    public void Dispose()
    {
        foreach (var call in _calls.Values)
        {
            call.Dispose();
        }
    }
}
