using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Calls;
using Grpc.AspNetCore.Server.Validation;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Server.Streams;

/// <summary>Takes the request messages of a call out of the request body, in place.</summary>
internal sealed class RequestMessages<T>(
    ServerCall call, Marshaller<T> marshaller, TextCheck? textCheck, int? maxMessageBytes)
    where T : class
{
    private const string TooLarge = "MESSAGE_TOO_LARGE";
    private const string NotProtobuf = "MESSAGE_MALFORMED";

    private readonly PipeReader _body = call.RequestBody;
    private readonly FramePayload _payload = new();
    private readonly int _limit = maxMessageBytes ?? int.MaxValue;
    private RpcException? _failure;

    /// <summary>Reads the request of a method that takes one, up to the end of the body.</summary>
    public async ValueTask<T> ReadOnlyMessageAsync()
    {
        var message = await ReadAsync(CancellationToken.None)
            ?? throw Fail(
                StatusCode.Unimplemented, "MESSAGE_COUNT", "The method takes one message, and none was sent.");
        return await ReadAsync(CancellationToken.None) is null
            ? message
            : throw Fail(
                StatusCode.Unimplemented, "MESSAGE_COUNT", "The method takes one message, and more were sent.");
    }

    /// <summary>Reads the next message; null at the end of the body.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T?> ReadAsync(CancellationToken token)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        using var linked = token.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(token, call.Lifetime.Token)
            : null;
        while (true)
        {
            var read = await ReadBodyAsync(linked?.Token ?? call.Lifetime.Token);

            // Whatever happens below, the body has to be advanced: a read left open breaks the connection's next call.
            var consumed = read.Buffer.End;
            var examined = read.Buffer.End;
            try
            {
                if (TryParse(read.Buffer, out var frame, out var message))
                {
                    consumed = frame;
                    examined = frame;
                    return message;
                }

                if (read.IsCompleted)
                {
                    return read.Buffer.IsEmpty
                        ? null
                        : throw Malformed("The request ended in the middle of a message.");
                }

                consumed = read.Buffer.Start;
            }
            finally
            {
                _body.AdvanceTo(consumed, examined);
            }
        }
    }

    private async ValueTask<ReadResult> ReadBodyAsync(CancellationToken token)
    {
        try
        {
            return await _body.ReadAsync(token);
        }
        catch (IOException e)
        {
            // The server's token may fire only after the read has failed.
            call.Lifetime.ClientGone();
            throw new OperationCanceledException("The client cancelled the call.", e, call.Lifetime.Token);
        }
        catch (InvalidDataException e)
        {
            throw Malformed(e.Message);
        }
    }

    private bool TryParse(in ReadOnlySequence<byte> buffer, out SequencePosition end, out T? message)
    {
        end = buffer.Start;
        message = null;
        if (!FrameHeader.TryRead(buffer, out var header))
        {
            return false;
        }

        CheckHeader(header);
        if (buffer.Length - FrameHeader.Size < header.Length)
        {
            return false;
        }

        var payload = buffer.Slice(FrameHeader.Size, (int)header.Length);
        end = payload.End;
        message = Parse(header.Flags == FrameHeader.Compressed ? Decompress(payload) : payload);
        return true;
    }

    private void CheckHeader(FrameHeader header)
    {
        switch (header.Flags)
        {
            case FrameHeader.Uncompressed:
            case FrameHeader.Compressed when call.SendsGzip:
                break;
            case FrameHeader.Compressed:
                throw Malformed("A message is compressed, but no encoding was announced.");
            default:
                throw Malformed($"A message has the unknown flags {header.Flags}.");
        }

        if (header.Length > _limit)
        {
            throw Fail(
                StatusCode.ResourceExhausted,
                TooLarge,
                $"A message of {header.Length} bytes is over the limit of {_limit} bytes.");
        }
    }

    private ReadOnlySequence<byte> Decompress(in ReadOnlySequence<byte> payload)
    {
        try
        {
            return new ReadOnlySequence<byte>(Gzip.Decompress(payload, _limit) ?? throw Fail(
                StatusCode.ResourceExhausted,
                TooLarge,
                $"A compressed message is over the limit of {_limit} bytes once it is unpacked."));
        }
        catch (InvalidDataException e)
        {
            throw Malformed("A message that is marked as compressed is no whole gzip.", e);
        }
    }

    private T Parse(in ReadOnlySequence<byte> payload)
    {
        try
        {
            var message = _payload.Read(payload, marshaller);
            return textCheck is null || textCheck.IsValid(payload)
                ? message
                : throw Fail(StatusCode.Internal, NotProtobuf, "A text field of the message is not valid UTF-8.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Fail(StatusCode.Internal, NotProtobuf, "The message is not valid protobuf.", e);
        }
    }

    private RpcException Malformed(string detail, Exception? cause = null) =>
        Fail(StatusCode.Internal, "FRAME_MALFORMED", detail, cause);

    private RpcException Fail(StatusCode code, string reason, string detail, Exception? cause = null) =>
        _failure = ProtocolError.Of(code, reason, detail, cause);
}
