using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>Counts tries for e-mails nobody has just as for accounts, so that the answer doesn't tell which is which. Only hashes are kept.</summary>
internal sealed class UnknownTries(TimeProvider time)
{
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset? LockedUntil)> _tries = new(StringComparer.Ordinal);

    internal TriesLeft? Count(string email)
    {
        var now = time.GetUtcNow();
        if (_tries.Count >= MostKept) _tries.Clear();
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(email.ToUpperInvariant())));
        var refused = false;
        var (count, lockedUntil) = _tries.AddOrUpdate(key, _ => (1, null), (_, before) =>
        {
            refused = before.LockedUntil > now;
            if (refused) return before;
            return before.LockedUntil is null && before.Count + 1 >= SignInTries.Most ? (0, now + SignInTries.Wait) : (before.Count + 1, null);
        });
        return refused ? null : new TriesLeft(lockedUntil is null ? SignInTries.Most - count : 0, lockedUntil);
    }
}
