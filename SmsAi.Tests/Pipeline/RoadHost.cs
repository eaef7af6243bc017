using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Pipeline;

/// <summary>One replica of the road in this process, on a real database, with a carrier and a model that tell what they were asked.</summary>
public sealed class RoadHost : IAsyncDisposable
{
    public const string OurNumber = "+15550100142";

    private readonly IHost _host;

    private RoadHost(IHost host, TestDatabase database, FakeCarrier carrier, FakeModel model) =>
        (_host, Database, Carrier, Model) = (host, database, carrier, model);

    public TestDatabase Database { get; }

    public FakeCarrier Carrier { get; }

    public FakeModel Model { get; }

    public StopSwitches Switches => Get<StopSwitches>();

    public static Actor Admin { get; } = new("Mara", 1, "Admin");

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<RoadHost> StartAsync(
        TestDatabase database, FakeCarrier? carrier = null, FakeModel? model = null, params (string Key, string Value)[] settings)
    {
        carrier ??= new FakeCarrier();
        model ??= new FakeModel();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings(database, settings));
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(database.Databases);
        services.TryAddSingleton<ICarrier>(carrier);
        services.TryAddSingleton<IChatModel>(model);
        services.AddPrivacy(builder.Configuration).AddRedis(builder.Configuration).AddLive();
        services.AddDelivery(builder.Configuration).AddReplying(builder.Configuration).AddLimits(builder.Configuration);
        services.AddRoad(builder.Configuration).AddStopping().AddAuditing().AddConversations(builder.Configuration).AddLedger(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        var road = new RoadHost(host, database, carrier, model);
        await Until.TrueAsync(() => road.Get<SwitchWatch>().ClosedBy != "unknown");
        return road;
    }

    /// <summary>A text from outside, past the door.</summary>
    public Task<IntakeResult> TextAsync(string from, string body, string? sid = null) =>
        Get<IntakeQueue>().AddAsync(Arrival(from, body, sid), CancellationToken.None);

    public static InboundArrival Arrival(string from, string body, string? sid = null) => new(
        new InboundText
        {
            MessageSid = sid ?? "SM" + Guid.NewGuid().ToString("N"),
            AccountSid = "AC00000000000000000000000000000001",
            From = PhoneNumber.Parse(from),
            To = PhoneNumber.Parse(OurNumber),
            Body = body,
            Channel = InboundText.Sms,
            NumSegments = 1,
        },
        "webhook", "primary", "as given");

    /// <summary>Waits until the carrier took so many texts and nothing is left to do but what is held.</summary>
    public Task SettledAsync(int taken) => Until.TrueAsync(async () =>
        Carrier.Taken.Count >= taken && await Database.ScalarAsync<long>("select count(*) from queue where state <> 'held'") == 0,
        () => $"taken {Carrier.Taken.Count} of {taken}");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await Get<IntakeQueue>().DisposeAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    private static Dictionary<string, string?> Settings(TestDatabase database, (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = database.ConnectionString,
            ["Privacy:PhoneHashKey"] = "Zk3v1n9Qy0c8x5J7h2b6t4w1s9d3f7g0k5m8p2r6u1A=",
            ["Privacy:EncryptionKey"] = "b8Vq2z5c9x1n4m7k0j3h6g8f2d5s9a1p4o7i0u3y6tI=",
            ["Twilio:FromNumber"] = OurNumber,
            // A slow machine is not an absent database.
            ["Intake:Patience"] = "00:00:10",
            // Nor is it a dead replica.
            ["Queue:Lease"] = "00:00:20",
            ["Queue:Poll"] = "00:00:00.100",
            ["Queue:RetryDelay"] = "00:00:00.050",
            ["Queue:Settle"] = "00:00:00.400",
            ["LoopGuard:Enabled"] = "false",
            ["Limits:free:PerMinute"] = "0",
            ["Limits:free:PerDay"] = "0",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return all;
    }
}
