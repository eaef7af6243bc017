using System.Collections.Concurrent;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Tests.Pipeline;

/// <summary>A carrier with a ledger of every call; each call's outcome can be scripted, accepting being the usual one.</summary>
public sealed class FakeCarrier : ICarrier
{
    private readonly ConcurrentQueue<Func<SendRequest, SendResult>> _script = new();
    private int _sids;

    /// <summary>Every call, in the order of arrival, whatever was answered.</summary>
    public ConcurrentQueue<(SendRequest Request, DateTimeOffset At)> Calls { get; } = new();

    /// <summary>What the carrier really took.</summary>
    public ConcurrentQueue<CarrierMessage> Taken { get; } = new();

    public bool ListIsAway { get; set; }

    /// <summary>How many of the newest texts its list shows; older ones are beyond the last page.</summary>
    public int ListEndsAfter { get; set; } = int.MaxValue;

    public TimeSpan Latency { get; set; }

    /// <summary>Scripts the next call.</summary>
    public void Next(Func<SendRequest, SendResult> answer) => _script.Enqueue(answer);

    /// <summary>Takes the text and loses the answer.</summary>
    public SendResult TakeSilently(SendRequest request)
    {
        Accept(request);
        return new SendResult.Uncertain("time-out");
    }

    public async Task<SendResult> SendAsync(SendRequest request, CancellationToken cancel)
    {
        Calls.Enqueue((request, DateTimeOffset.UtcNow));
        if (Latency > TimeSpan.Zero)
            await Task.Delay(Latency, cancel);
        return _script.TryDequeue(out var answer) ? answer(request) : Accept(request);
    }

    public Task<CarrierListing> ListToAsync(string to, string? from, DateTimeOffset since, CancellationToken cancel)
    {
        if (ListIsAway)
            return Task.FromResult<CarrierListing>(new CarrierListing.Unavailable("503"));
        var messages = Taken.Where(message => message.To == to && message.CreatedAt >= since).Reverse().ToList();
        return Task.FromResult<CarrierListing>(new CarrierListing.Found([.. messages.Take(ListEndsAfter)], messages.Count <= ListEndsAfter));
    }

    public Task<CarrierListing> ListInboundAsync(string ourNumber, DateTimeOffset since, PageChoice choose, CancellationToken cancel) =>
        Task.FromResult<CarrierListing>(new CarrierListing.Found([], true));

    public Task<CarrierLookup> FetchAsync(string sid, CancellationToken cancel) =>
        Task.FromResult<CarrierLookup>(Taken.FirstOrDefault(message => message.Sid == sid) is { } found ? new CarrierLookup.Found(found) : new CarrierLookup.Absent());

    public Task<IReadOnlyList<string>?> NumbersOfServiceAsync(string messagingServiceSid, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>?>([]);

    public SendResult Accept(SendRequest request)
    {
        var sid = $"SM{Interlocked.Increment(ref _sids):x32}";
        Taken.Enqueue(new CarrierMessage(
            sid, request.From ?? "", request.To, request.Body, "outbound-api", "queued", null, 1, 0, null, null, DateTimeOffset.UtcNow, null));
        return new SendResult.Accepted(sid, "queued", 1, null);
    }
}
