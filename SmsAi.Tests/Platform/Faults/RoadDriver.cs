using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using SmsAi.Bench.Loopback;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>
/// Many people texting at once, each one text after the other. Its log says which webhooks were answered 200. What the ledgers held
/// before it began is none of its business.
/// </summary>
public sealed class RoadDriver(LoopbackCarrier carrier, LoopbackModel? model = null)
{
    private readonly SignedWebhooks _webhooks = new(carrier);
    private readonly int _acceptedBefore = carrier.Ledger.Accepted.Count;
    private readonly int _requestsBefore = carrier.Ledger.Requests.Count;
    private readonly int _questionsBefore = model?.Questions.Count ?? 0;
    private readonly (long Input, long Output) _tokensBefore = model?.Tokens ?? default;
    private readonly ConcurrentQueue<PostedText> _log = new();
    private readonly ConcurrentQueue<(string To, string Body)> _byHand = new();
    private readonly ConcurrentQueue<(HttpStatusCode? Status, TimeSpan Took)> _refusals = new();
    private int _acknowledged;

    /// <summary>Every text once, with its last answer.</summary>
    public IReadOnlyCollection<PostedText> Log => _log;

    /// <summary>When it began.</summary>
    public DateTimeOffset BeganAt { get; } = Begin();

    /// <summary>What the carrier took since.</summary>
    public IReadOnlyList<LoopbackText> Accepted => [.. carrier.Ledger.Accepted.Skip(_acceptedBefore)];

    /// <summary>What the carrier was asked since.</summary>
    public IReadOnlyList<LoopbackRequest> Requests => [.. carrier.Ledger.Requests.Skip(_requestsBefore)];

    /// <summary>What the model was asked since.</summary>
    public IReadOnlyList<ModelQuestion> Questions => model is null ? [] : [.. model.Questions.Skip(_questionsBefore)];

    /// <summary>The tokens the model counted since.</summary>
    public long Tokens => model is null ? 0 : model.Tokens.Input + model.Tokens.Output - _tokensBefore.Input - _tokensBefore.Output;

    /// <summary>What operators wrote; each is to leave once.</summary>
    public IReadOnlyCollection<(string To, string Body)> ByHand => _byHand;

    /// <summary>Every try that was not answered 200.</summary>
    public IReadOnlyCollection<(HttpStatusCode? Status, TimeSpan Took)> Refusals => _refusals;

    /// <summary>Every nth webhook is delivered three times; 0: none.</summary>
    public int TwiceEvery { get; set; }

    /// <summary>How many were answered 200 so far.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>The number a person of the crowd texts from.</summary>
    public static string NumberOf(int person) => string.Create(CultureInfo.InvariantCulture, $"+1202555{person:0000}");

    /// <summary>What a person writes: who, and which of her texts.</summary>
    public static string BodyOf(int person, int text) => string.Create(CultureInfo.InvariantCulture, $"person {person:0000} text {text:0000}");

    /// <summary>How long the slowest hundredth of webhooks took at least.</summary>
    public static TimeSpan Tail(IEnumerable<PostedText> texts)
    {
        var sorted = texts.Select(text => text.Took).Order().ToList();
        return sorted[(int)(sorted.Count * 0.99)];
    }

    /// <summary>A crowd texts at the same time; whoever gets no 200 tries the same text again, as the carrier does, until the patience is over.</summary>
    /// <param name="target">The replica to post to, asked before every try.</param>
    /// <param name="perSecond">How many texts arrive in a second; without it, as fast as they are answered.</param>
    /// <param name="goesOn">While it says so they write on, however many each one has written.</param>
    public Task CrowdAsync(
        Func<AppProcess> target, int people, int each, TimeSpan? patience = null, int first = 0, double? perSecond = null, Func<bool>? goesOn = null)
    {
        var started = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, people).Select(async place =>
        {
            for (var text = 0; text < each || goesOn?.Invoke() == true; text++)
            {
                if (perSecond is { } rate && TimeSpan.FromSeconds((text * people + place) / rate) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                    await Task.Delay(early);
                await TextAsync(target, NumberOf(first + place), BodyOf(first + place, text), patience ?? TimeSpan.FromSeconds(30));
            }
        }));
    }

    /// <summary>One text, once unless a patience is given.</summary>
    public async Task<PostedText> TextAsync(Func<AppProcess> target, string from, string body, TimeSpan patience = default)
    {
        var kept = carrier.KeepInbound(from, body);
        var started = Stopwatch.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            var asked = Stopwatch.GetTimestamp();
            var status = await TryAsync(target(), kept);
            if (status != HttpStatusCode.OK)
                _refusals.Enqueue((status, Stopwatch.GetElapsedTime(asked)));
            if (status != HttpStatusCode.OK && Stopwatch.GetElapsedTime(started) < patience)
            {
                await Task.Delay(100);
                continue;
            }

            var posted = new PostedText(kept.Sid, kept.Number, from, body, status, tries, Stopwatch.GetElapsedTime(started));
            _log.Enqueue(posted);
            if (status == HttpStatusCode.OK && Interlocked.Increment(ref _acknowledged) is var nth && TwiceEvery > 0 && nth % TwiceEvery == 0)
                await Task.WhenAll(TryAsync(target(), kept), TryAsync(target(), kept));
            return posted;
        }
    }

    /// <summary>A text whose webhook the carrier has given up: nobody brings it.</summary>
    public PostedText GiveUp(string from, string body)
    {
        var kept = carrier.KeepInbound(from, body);
        var posted = new PostedText(kept.Sid, kept.Number, from, body, null, 0, TimeSpan.Zero);
        _log.Enqueue(posted);
        return posted;
    }

    /// <summary>Notes what an operator wrote.</summary>
    public void WroteByHand(string to, string body) => _byHand.Enqueue((to, body));

    /// <summary>The webhook of a text once more.</summary>
    public async Task<HttpStatusCode?> BringAsync(AppProcess target, PostedText text) =>
        await TryAsync(target, new LoopbackText { Sid = text.Sid, Number = text.Number, IsInbound = true, From = text.From, To = carrier.Number, Body = text.Body, At = BeganAt });

    private static DateTimeOffset Begin()
    {
        LagWatch.Start();
        return DateTimeOffset.UtcNow;
    }

    private async Task<HttpStatusCode?> TryAsync(AppProcess app, LoopbackText text)
    {
        try
        {
            using var response = await _webhooks.PostAsync(app, SignedWebhooks.Receive, _webhooks.FieldsOf(text));
            return response.StatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}

/// <summary>A person's text and how its webhook was answered.</summary>
/// <param name="Number">Its place among all texts the carrier has.</param>
/// <param name="Status">Null when there was no answer.</param>
public sealed record PostedText(string Sid, long Number, string From, string Body, HttpStatusCode? Status, int Tries, TimeSpan Took);
