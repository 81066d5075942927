using Google.Protobuf;
using Grpc.Core.Wire;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Http;

namespace Grpc.Tests.Client;

/// <summary>A gRPC response written byte by byte.</summary>
internal static class RawResponse
{
    public static byte[] Frame(IMessage message, byte flags = 0)
    {
        var frame = new byte[FrameHeader.Size + message.CalculateSize()];
        FrameHeader.Write(frame, flags, frame.Length - FrameHeader.Size);
        message.WriteTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    public static byte[] CountFrame(int index) => Frame(new CountResponse { Index = index, Text = $"token {index}" });

    public static byte[] SayFrame(string text) => Frame(new SayResponse { Text = text });

    public static Task StartGrpcAsync(this HttpContext context) => context.SendAsync();

    public static async Task SendAsync(this HttpContext context, params byte[][] frames)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
        }

        await context.Response.Body.WriteAsync(frames.SelectMany(frame => frame).ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public static void End(this HttpContext context, int status, string? message = null)
    {
        context.Response.AppendTrailer("grpc-status", status.ToString(null as IFormatProvider));
        if (message is not null)
        {
            context.Response.AppendTrailer("grpc-message", message);
        }
    }

    /// <summary>Waits until the client resets the stream.</summary>
    public static Task AbortedAsync(this HttpContext context)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(aborted.SetResult);
        return aborted.Task;
    }
}
