using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// A form that can be written to one connection only. A second write would be a second text, whoever asks for it;
/// and as long as it has not started, nothing of the request has left. After its last moment it doesn't start.
/// </summary>
internal sealed class WriteOnceContent : HttpContent
{
    private readonly byte[] _form;
    private readonly long _lastMoment;
    private int _writes;

    /// <param name="lastMoment">A <see cref="Stopwatch"/> timestamp.</param>
    public WriteOnceContent(byte[] form, long lastMoment = long.MaxValue)
    {
        (_form, _lastMoment) = (form, lastMoment);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    public bool Started => Volatile.Read(ref _writes) > 0;

    /// <summary>It was to be written after its last moment, and was not.</summary>
    public bool IsTooLate { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // A connection is there, and what was written of the head still waits in its buffer for us.
        if (Stopwatch.GetTimestamp() > _lastMoment)
        {
            IsTooLate = true;
            throw new IOException("The last moment for this text has passed.");
        }

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
