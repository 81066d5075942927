using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// Puts the messages and the end of a call into the response. Here alone the wire modes differ: gRPC ends in HTTP
/// trailers, gRPC-Web in a last frame, and its text mode makes each frame a base64 segment of its own, since a client
/// reads whole segments as they come.
/// </summary>
internal sealed class ResponseFrames
{
    // Below this the headers of gzip and the work cost more than a packet saves.
    private const int CompressFromBytes = 4 * 1024;

    private readonly HttpResponse _response;
    private readonly PipeWriter _body;
    private readonly WireMode _mode;
    private readonly ArrayBufferWriter<byte>? _segment;
    private readonly FrameWriter _frames;

    public ResponseFrames(HttpResponse response, WireMode mode)
    {
        _response = response;
        _body = response.BodyWriter;
        _mode = mode;
        _segment = mode == WireMode.WebText ? new ArrayBufferWriter<byte>() : null;
        _frames = new FrameWriter(_segment ?? (IBufferWriter<byte>)_body, maxMessageBytes: null);
    }

    /// <summary>Part of a frame is in the response: nothing that follows could be read.</summary>
    public bool IsBroken => _segment is null && _frames.IsBroken;

    /// <summary>Compresses the messages from here on, where that is worth it.</summary>
    public void Compress()
    {
        _response.Headers[GrpcHeaders.Encoding] = GrpcHeaders.Gzip;
        _frames.CompressFrom = CompressFromBytes;
    }

    public void WriteMessage<T>(T message, Marshaller<T> marshaller)
    {
        _segment?.ResetWrittenCount();
        _frames.Write(message, marshaller);
        WriteSegment();
    }

    /// <param name="alone">Nothing was written before: the end is one block of headers ("trailers-only").</param>
    public void WriteEnd(CallEnding ending, bool alone)
    {
        if (alone)
        {
            CallTrailers.WriteAlone(_response, ending.Status, ending.Trailers);
        }
        else if (_mode == WireMode.Grpc)
        {
            CallTrailers.Append(_response, ending.Status, ending.Trailers);
        }
        else
        {
            WriteTrailersFrame(ending);
        }
    }

    private void WriteTrailersFrame(CallEnding ending)
    {
        var lines = new StringBuilder();
        foreach (var (name, value) in StatusTrailers.Format(ending.Status, ending.Trailers))
        {
            lines.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        // Names and values were made for HTTP headers, so they are ASCII without line ends.
        var payload = Encoding.ASCII.GetBytes(lines.ToString());
        _segment?.ResetWrittenCount();
        var output = _segment ?? (IBufferWriter<byte>)_body;
        FrameHeader.Write(output.GetSpan(FrameHeader.Size), FrameHeader.Trailers, payload.Length);
        output.Advance(FrameHeader.Size);
        output.Write(payload);
        WriteSegment();
    }

    private void WriteSegment()
    {
        if (_segment is { WrittenSpan: var bytes })
        {
            var text = _body.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
            Base64.EncodeToUtf8(bytes, text, out _, out var written);
            _body.Advance(written);
        }
    }
}
