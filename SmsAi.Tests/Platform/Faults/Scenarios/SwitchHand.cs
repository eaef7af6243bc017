using Microsoft.Extensions.Hosting;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>A hand at the switches, apart from the replicas under test: it commits the flip and tells the news as any replica does.</summary>
public sealed class SwitchHand : IAsyncDisposable
{
    private readonly RedisConnection _redis;
    private readonly LiveFeed _feed;
    private readonly IHostedService[] _parts;
    private readonly StopSwitches _switches;

    private SwitchHand(Journeys.Service service)
    {
        var databases = service.Database.Databases;
        _redis = new RedisConnection(service.Redis?.ConnectionString);
        var wire = new LiveWire(_redis, databases, TimeProvider.System);
        _feed = new LiveFeed(wire, TimeProvider.System);
        _switches = new StopSwitches(databases, _feed);
        _parts = [_redis, wire, _feed];
    }

    public static async Task<SwitchHand> AtAsync(Journeys.Service service)
    {
        var hand = new SwitchHand(service);
        foreach (var part in hand._parts)
            await part.StartAsync(CancellationToken.None);
        return hand;
    }

    public Task<long> StopAllAsync(string reason) => _switches.StopAllAsync(Actor.CommandLine, reason, CancellationToken.None);

    public Task<long> ResumeAsync(string reason) => _switches.ResumeAsync(Switch.Kill, reason, Actor.CommandLine, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts.Reverse())
            await part.StopAsync(CancellationToken.None);
        _feed.Dispose();
        await _redis.DisposeAsync();
    }
}
