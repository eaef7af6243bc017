using System.Collections.Concurrent;

namespace SmsAi.Bench.Loopback;

/// <summary>One request the loopback carrier got, whatever it then did.</summary>
/// <param name="Target">Path and query as they came.</param>
/// <param name="Send">The text, when it was a request to send one.</param>
public sealed record LoopbackRequest(DateTimeOffset ArrivedAt, string Method, string Target, LoopbackSend? Send);

/// <summary>A text somebody asked the loopback carrier to send.</summary>
/// <param name="MessageId">Our own id, read from the callback's address; null without one.</param>
public sealed record LoopbackSend(string To, string From, string? Service, string Body, string? StatusCallback, long? MessageId);

/// <summary>A text the loopback carrier holds, of either direction.</summary>
public sealed record LoopbackText
{
    public required string Sid { get; init; }
    public required long Number { get; init; }
    public required bool IsInbound { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Body { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? StatusCallback { get; init; }
    public long? MessageId { get; init; }
    public string Status { get; set; } = "queued";
    public int? ErrorCode { get; set; }
}

/// <summary>What the loopback carrier saw and took: the truth a checker compares the product's database with.</summary>
public sealed class CarrierLedger
{
    private readonly ConcurrentQueue<LoopbackRequest> _requests = new();
    private readonly ConcurrentQueue<LoopbackText> _accepted = new();
    private readonly ConcurrentDictionary<string, LoopbackText> _bySid = new();
    private readonly ConcurrentDictionary<string, ConcurrentStack<LoopbackText>> _byReceiver = new();
    private long _count;

    /// <summary>Every request in order of arrival.</summary>
    public IReadOnlyCollection<LoopbackRequest> Requests => _requests;

    /// <summary>Every text it took from us to send, in order.</summary>
    public IReadOnlyCollection<LoopbackText> Accepted => _accepted;

    /// <summary>Requests to send, refused and hung ones too.</summary>
    public int SendRequests => _requests.Count(request => request.Send is not null);

    /// <summary>Texts it was given to send more than once: the same message of ours, or the same words without an id.</summary>
    public IReadOnlyList<LoopbackText> Duplicates =>
        [.. _accepted.GroupBy(text => text.MessageId is { } id ? (id, "", "") : (-1, text.To, text.Body)).SelectMany(group => group.Skip(1))];

    internal void Note(LoopbackRequest request) => _requests.Enqueue(request);

    internal long NextNumber() => Interlocked.Increment(ref _count);

    internal void Add(LoopbackText text)
    {
        _bySid[text.Sid] = text;
        _byReceiver.GetOrAdd(text.To, _ => new ConcurrentStack<LoopbackText>()).Push(text);
        if (!text.IsInbound)
            _accepted.Enqueue(text);
    }

    internal LoopbackText? Find(string sid) => _bySid.GetValueOrDefault(sid);

    /// <summary>Newest first, from below a number on.</summary>
    internal IEnumerable<LoopbackText> To(string receiver, long below) =>
        _byReceiver.TryGetValue(receiver, out var texts)
            ? texts.Where(text => text.Number < below).OrderByDescending(text => text.Number)
            : [];

    internal IEnumerable<LoopbackText> All(long below) =>
        _bySid.Values.Where(text => text.Number < below).OrderByDescending(text => text.Number);
}
