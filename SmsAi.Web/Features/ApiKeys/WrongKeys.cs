using System.Collections.Concurrent;
using System.Net;

using SmsAi.Web.Features.Access;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>
/// Slows addresses that keep bringing wrong keys. A key that worked here before is still looked at: behind one address there may be
/// a broken program beside the one that must be able to stop the service.
/// </summary>
internal sealed class WrongKeys(TimeProvider time)
{
    private const int MostKnown = 10_000;

    private readonly AddressThrottle _addresses = new(time);
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>How long this address has to wait with this credential; null when it may be looked at.</summary>
    public TimeSpan? WaitFor(IPAddress address, string credential) => _known.ContainsKey(Mark(credential)) ? null : _addresses.WaitFor(address);

    public void NoteWrong(IPAddress address, string credential)
    {
        _known.TryRemove(Mark(credential), out _);
        _addresses.NoteFailure(address);
    }

    public void NoteRight(string credential)
    {
        if (_known.Count >= MostKnown) _known.Clear();
        _known[Mark(credential)] = true;
    }

    /// <summary>Never the credential itself.</summary>
    private static string Mark(string credential) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(credential)));
}
