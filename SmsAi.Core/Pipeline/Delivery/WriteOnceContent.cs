using System.Net;
using System.Net.Http.Headers;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// A form that can be written to one connection only. A second write would be a second text, whoever asks for it;
/// and as long as it has not started, nothing of the request has left.
/// </summary>
internal sealed class WriteOnceContent : HttpContent
{
    private readonly byte[] _form;
    private int _writes;

    public WriteOnceContent(byte[] form)
    {
        _form = form;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    public bool Started => Volatile.Read(ref _writes) > 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _writes) > 1)
            throw new InvalidOperationException("A text is handed over once.");
        return stream.WriteAsync(_form, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _form.Length;
        return true;
    }
}
