using System.Threading.RateLimiting;

namespace SmsAi.Web.Features.Access;

/// <summary>
/// Lets in few at once to where passwords are compared, since that is made to cost much: without it a few hundred at once would take the time
/// of the texts that come in. Some wait, the others are told to come again.
/// </summary>
internal sealed class SignInGate : IDisposable
{
    internal const int AtOnce = 2;
    internal const int Waiting = 20;

    private readonly ConcurrencyLimiter _places =
        new(new() { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>A place, or none when too many wait already; to be disposed of either way.</summary>
    internal ValueTask<RateLimitLease> EnterAsync(CancellationToken cancel) => _places.AcquireAsync(1, cancel);

    public void Dispose() => _places.Dispose();
}
