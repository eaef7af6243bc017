using System.Net;

namespace SmsAi.Web.Features.Access;

/// <summary>Slows an address that keeps failing, before it can lock accounts out: 20 failures in 15 minutes.</summary>
internal sealed class AddressThrottle(TimeProvider time)
{
    internal const int MostAddresses = 10_000;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const int Most = 20;
    private static readonly TimeSpan LookThroughEvery = TimeSpan.FromMinutes(1);

    /// <summary>All those together for whom there was no entry left.</summary>
    private static readonly IPAddress Newcomers = IPAddress.None;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Failures> _byAddress = [];
    private DateTimeOffset _lookedThroughAt;

    /// <summary>How long the address still has to wait; null when it may try.</summary>
    internal TimeSpan? WaitFor(IPAddress address)
    {
        lock (_gate)
        {
            return _byAddress.TryGetValue(EntryOf(address), out var failures) && failures.Count >= Most
                && failures.Since + Window - time.GetUtcNow() is { Ticks: > 0 } left ? left : null;
        }
    }

    /// <summary>True for the failure after which the address waits.</summary>
    internal bool NoteFailure(IPAddress address)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_byAddress.Count >= MostAddresses) Forget(now);
            var entry = EntryOf(address);
            var count = _byAddress.TryGetValue(entry, out var before) && now - before.Since < Window ? before.Count + 1 : 1;
            _byAddress[entry] = new(count, count == 1 ? now : before.Since);
            return count == Most;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        if (now - _lookedThroughAt < LookThroughEvery) return;
        _lookedThroughAt = now;
        foreach (var (address, failures) in _byAddress)
        {
            if (now - failures.Since >= Window) _byAddress.Remove(address);
        }
    }

    private IPAddress EntryOf(IPAddress address)
    {
        var network = Network(address);
        return _byAddress.Count < MostAddresses || _byAddress.ContainsKey(network) ? network : Newcomers;
    }

    /// <summary>Whoever has one IPv6 address has 2^64 of them.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.Length != 16) return address;
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Failures(int Count, DateTimeOffset Since);
}
