using System.Collections.Concurrent;
using System.Security.Claims;
using Npgsql;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Web.Features.Access;

/// <summary>
/// Knows which of this replica's sessions are still open: asked anew each second for all of them together, so that what is ended elsewhere
/// can act no more within two seconds. While the database is away the last answer stands; without it no command works anyway.
/// </summary>
internal sealed partial class SessionWatch(OperatorSessions sessions, TimeProvider time, ILogger<SessionWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceForStrangers = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(13);

    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private volatile bool _isAway;

    /// <summary>The database did not answer when it was last asked.</summary>
    internal bool IsAway => _isAway;

    /// <summary>A session ended; whoever shows a page for it takes it away.</summary>
    internal event Action<string>? Ended;

    /// <summary>As last seen; a session nobody asked about yet passes, since its cookie was looked at on the way in.</summary>
    internal SessionStanding StandingOf(ClaimsPrincipal person) =>
        SessionClaims.IdOf(person) is { } id && _seen.TryGetValue(id, out var seen) ? seen.Standing : SessionStanding.Open;

    /// <summary>Whether the database was ever asked about the session here.</summary>
    internal bool Knows(string id) => _seen.ContainsKey(id);

    /// <summary>As the database says, or said within the last two seconds; while it is away nobody waits for it.</summary>
    internal async Task<SessionStanding> AskAsync(string id, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (_seen.TryGetValue(id, out var seen) && (_isAway || (now - seen.At < Fresh && now >= seen.At))) return seen.Standing;
        try
        {
            // A database that stands still heeds no cancellation: the wait ends, and what was asked is left to itself. Without an answer
            // a session nobody knows here gets no page, so it waits longer.
            Take(id, await UseAsync(id, cancel).WaitAsync(seen is null ? PatienceForStrangers : Patience, cancel), now);
            _isAway = false;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            _isAway = true;
            LogAway(fault.GetType().Name);
        }

        return _seen.TryGetValue(id, out seen) ? seen.Standing : SessionStanding.Open;
    }

    /// <summary>Asks about all that are known.</summary>
    internal async Task RunOnceAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        foreach (var (id, seen) in _seen)
        {
            if (now - seen.FirstAt > Forgotten) _seen.TryRemove(id, out _);
        }

        string[] known = [.. _seen.Where(entry => entry.Value.Standing != SessionStanding.Ended).Select(entry => entry.Key)];
        var open = known.Length == 0 ? [] : await sessions.OpenAmongAsync(known, cancel).WaitAsync(Patience, cancel);
        _isAway = false;
        foreach (var id in known) Take(id, open, now);
    }

    private async Task<IReadOnlyList<SessionState>> UseAsync(string id, CancellationToken cancel)
    {
        await sessions.NoteUseAsync(id, cancel);
        return await sessions.OpenAmongAsync([id], cancel);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RunOnceAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
                {
                    _isAway = true;
                    LogAway(fault.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private void Take(string id, IReadOnlyList<SessionState> open, DateTimeOffset now)
    {
        var standing = SessionStanding.Ended;
        foreach (var session in open)
        {
            if (session.Id == id) standing = session.MustEnrol ? SessionStanding.MustEnrol : SessionStanding.Open;
        }

        _seen.AddOrUpdate(id, _ => new Seen(standing, now, now), (_, before) => before with { Standing = standing, At = now });
        if (standing == SessionStanding.Ended) Ended?.Invoke(id);
    }

    private sealed record Seen(SessionStanding Standing, DateTimeOffset At, DateTimeOffset FirstAt);

    [LoggerMessage(7110, LogLevel.Debug, "Which sessions are open could not be asked ({Fault})")]
    private partial void LogAway(string fault);
}

/// <summary>How a session stands: what it may still do.</summary>
internal enum SessionStanding
{
    Open, MustEnrol, Ended,
}
