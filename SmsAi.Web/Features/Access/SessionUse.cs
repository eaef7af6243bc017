using System.Collections.Concurrent;

namespace SmsAi.Web.Features.Access;

/// <summary>
/// When each open session was last used by a person. A circuit makes no requests and a live page is never still,
/// so the browser tells of real key strokes and clicks, at most every two minutes.
/// </summary>
internal sealed class SessionUse(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    internal DateTimeOffset? LastOf(string? session) => session is not null && _last.TryGetValue(session, out var last) ? last : null;

    internal void Note(string session)
    {
        var now = time.GetUtcNow();
        _last[session] = now;
        foreach (var (other, last) in _last)
        {
            if (now - last > SessionRules.InAll) _last.TryRemove(other, out _);
        }
    }
}
