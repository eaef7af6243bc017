using System.Collections.Concurrent;
using System.Net;

namespace SmsAi.Web.Features.Access;

/// <summary>Slows an address that keeps failing, before it can lock accounts out: 20 failures in 15 minutes.</summary>
internal sealed class AddressThrottle(TimeProvider time)
{
    private const int Most = 20;
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<IPAddress, Failures> _byAddress = new();

    /// <summary>How long the address still has to wait; null when it may try.</summary>
    internal TimeSpan? WaitFor(IPAddress address) =>
        _byAddress.TryGetValue(Network(address), out var failures) && failures.Count >= Most && failures.Since + Window - time.GetUtcNow() is { Ticks: > 0 } left
            ? left
            : null;

    internal void NoteFailure(IPAddress address)
    {
        var now = time.GetUtcNow();
        if (_byAddress.Count >= MostAddresses) Forget(now);
        _byAddress.AddOrUpdate(Network(address), new Failures(1, now), (_, before) =>
            now - before.Since > Window ? new Failures(1, now) : before with { Count = before.Count + 1 });
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (address, failures) in _byAddress)
        {
            if (now - failures.Since > Window) _byAddress.TryRemove(address, out _);
        }
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

    private sealed record Failures(int Count, DateTimeOffset Since);
}
