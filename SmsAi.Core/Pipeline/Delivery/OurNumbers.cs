using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// The numbers people can text us under: those configured, and those in the Messaging Service's pool, which is read at start and once an
/// hour.
/// </summary>
public sealed partial class OurNumbers(IOptions<TwilioOptions> options, ICarrier carrier, TimeProvider clock, ILogger<OurNumbers> logger)
    : BackgroundService
{
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private FrozenSet<string>? _all;

    /// <summary>Each in canonical form.</summary>
    public IReadOnlyCollection<string> All => Known();

    /// <summary>Whether a text to this address, or through this Messaging Service, is for us.</summary>
    public bool IsOurs(PhoneNumber address, string? messagingServiceSid) =>
        Known().Contains(address.Canonical)
        || messagingServiceSid is { Length: > 0 } && messagingServiceSid == options.Value.MessagingServiceSid;

    /// <summary>Whether this is the address of a number of ours, on whatever channel.</summary>
    public bool Contains(string address) => Known().Contains(Canonical(address));

    /// <summary>Whether two addresses are one number, on whatever channel.</summary>
    public static bool AreSame(string address, string other) => Canonical(address) == Canonical(other);

    /// <summary>Reads the Messaging Service's pool; false when the carrier can't be asked now.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancel)
    {
        if (options.Value.MessagingServiceSid is not { Length: > 0 } service)
            return true;
        if (await carrier.NumbersOfServiceAsync(service, cancel) is not { } pool)
            return false;
        Volatile.Write(ref _all, Configured(pool));
        LogPool(pool.Count);
        return true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (options.Value.MessagingServiceSid is { Length: > 0 })
                await Task.Delay(await RefreshAsync(stoppingToken) ? Usual : AfterFailure, clock, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private FrozenSet<string> Known() =>
        Volatile.Read(ref _all) ?? Interlocked.CompareExchange(ref _all, Configured([]), null) ?? _all!;

    private FrozenSet<string> Configured(IEnumerable<string> pool) =>
        options.Value.OwnNumbers.Concat(pool).Select(Canonical).ToFrozenSet(StringComparer.Ordinal);

    private static string Canonical(string address) => PhoneNumber.Parse(address).Canonical;

    [LoggerMessage(1301, LogLevel.Information, "The Messaging Service sends from {Count} numbers")]
    private partial void LogPool(int count);
}
