using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Tests.Pipeline;

/// <summary>A carrier whose record a test writes, and which can be away.</summary>
public sealed class SilentCarrier : ICarrier
{
    private int _asked;

    public List<CarrierMessage> Inbound { get; } = [];

    public Dictionary<string, CarrierMessage> Outbound { get; } = [];

    public List<string>? Pool { get; set; }

    public bool IsAway { get; set; }

    /// <summary>Questions it was asked so far.</summary>
    public int Asked => _asked;

    public Task<SendResult> SendAsync(SendRequest request, CancellationToken cancel) => throw new NotSupportedException("Nothing is sent in these tests.");

    public Task<CarrierListing> ListToAsync(string to, string? from, DateTimeOffset since, CancellationToken cancel) => throw new NotSupportedException();

    public async Task<CarrierListing> ListInboundAsync(string ourNumber, DateTimeOffset since, PageChoice choose, CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        return IsAway
            ? new CarrierListing.Unavailable("away")
            : new CarrierListing.Found(await choose([.. Inbound.Where(text => text.To == ourNumber && text.CreatedAt >= since)]), IsWhole: true);
    }

    public Task<CarrierLookup> FetchAsync(string sid, CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        return Task.FromResult<CarrierLookup>(IsAway ? new CarrierLookup.Unavailable("away")
            : Outbound.TryGetValue(sid, out var known) ? new CarrierLookup.Found(known) : new CarrierLookup.Absent());
    }

    public Task<IReadOnlyList<string>?> NumbersOfServiceAsync(string messagingServiceSid, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>?>(IsAway ? null : Pool);
}
