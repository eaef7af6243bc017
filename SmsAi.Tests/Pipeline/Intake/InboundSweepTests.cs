using System.Net;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Intake;

/// <summary>Texts whose webhooks never came are fetched, each once.</summary>
public sealed class InboundSweepTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Missed_texts_are_kept_once_beside_those_that_came()
    {
        await using var host = await QuietAsync();
        for (var text = 1; text <= 20; text++)
            host.Carrier.Inbound.Add(Listed(text, TimeSpan.FromMinutes(1)));
        for (var text = 1; text <= 5; text++)
            (await host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(text)))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await SweepAsync(host)).ShouldBe(new SweepOutcome(15, IsComplete: true));
        (await SweepAsync(host)).ShouldBe(new SweepOutcome(0, IsComplete: true));
        (await host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(20)))).StatusCode.ShouldBe(HttpStatusCode.OK, "its webhook comes after all");
        (await _database.ListAsync<string>("select ingested_via || ' ' || count(*) from messages where direction = 'in' group by ingested_via order by 1"))
            .ShouldBe(["sweep 15", "webhook 5"]);
    }

    [Fact]
    public async Task Texts_keep_the_carriers_order()
    {
        await using var host = await QuietAsync();
        for (var text = 1; text <= 30; text++)
            host.Carrier.Inbound.Add(Listed(text, TimeSpan.FromMinutes(2)));
        await SweepAsync(host);
        (await _database.ListAsync<string>("select sid from messages where direction = 'in' order by position"))
            .ShouldBe(Enumerable.Range(1, 30).Select(EdgeHost.Sid));
    }

    [Fact]
    public async Task Mark_stays_until_everything_was_kept()
    {
        await using var host = await QuietAsync();
        await _database.ExecuteAsync("update sweep_marks set swept_until = now() - interval '3 hours'");
        host.Carrier.Inbound.Add(Listed(1, TimeSpan.FromHours(3)));
        host.Carrier.IsAway = true;
        (await SweepAsync(host)).ShouldBe(new SweepOutcome(0, IsComplete: false));
        (await _database.ScalarAsync<bool>("select swept_until < now() - interval '2 hours' from sweep_marks")).ShouldBeTrue();

        host.Carrier.IsAway = false;
        (await SweepAsync(host)).ShouldBe(new SweepOutcome(1, IsComplete: true));
        (await _database.ScalarAsync<bool>("select swept_until > now() - interval '1 minute' from sweep_marks")).ShouldBeTrue();
    }

    [Fact]
    public async Task Text_that_was_missed_for_long_is_kept_and_not_answered()
    {
        await using var host = await QuietAsync();
        await _database.ExecuteAsync("update sweep_marks set swept_until = now() - interval '3 hours'");
        host.Carrier.Inbound.Add(Listed(1, TimeSpan.FromHours(2)));
        await SweepAsync(host);
        await Until.TrueAsync(async () => await _database.ScalarAsync<string>("select state::text from messages") == "stale", "it is left to people");
        (await _database.ScalarAsync<bool>("select created_at - sent_at between interval '119 minutes' and interval '121 minutes' from messages")).ShouldBeTrue();
    }

    [Fact]
    public async Task New_number_begins_now()
    {
        await using var host = await QuietAsync();
        host.Carrier.Inbound.Add(Listed(1, TimeSpan.FromHours(1)));
        (await SweepAsync(host)).ShouldBe(new SweepOutcome(0, IsComplete: true), "what came before us was somebody else's to answer");
    }

    [Fact]
    public async Task Two_replicas_sweep_one_after_the_other()
    {
        await using var host = await QuietAsync();
        await using var other = await EdgeHost.StartAsync(_database);
        await using var holder = await _database.Owner.OpenConnectionAsync();
        await using var hold = new Npgsql.NpgsqlCommand(SweepSql.TryLock, holder);
        // The other one's first sweep may hold it for a moment.
        await Until.TrueAsync(async () => await hold.ExecuteScalarAsync() is true, "nobody sweeps");
        (await host.Get<InboundSweep>().RunOnceAsync(CancellationToken.None)).ShouldBeNull();
        await using var release = new Npgsql.NpgsqlCommand(SweepSql.Unlock, holder);
        await release.ExecuteScalarAsync();
        for (var times = 0; times < 3; times++)
        {
            await SweepAsync(host);
            await SweepAsync(other);
        }
    }

    [Fact]
    public async Task Start_and_return_of_the_database_bring_a_sweep_at_once()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var own = await TestDatabase.CreateAsync(postgres);
        await using var host = await EdgeHost.StartAsync(own);
        await Until.TrueAsync(async () => await own.ScalarAsync<long>("select count(*) from sweep_marks") == 1, "the first sweep");

        await postgres.StopAsync();
        host.Carrier.Inbound.Add(Listed(1, TimeSpan.Zero));
        await Until.TrueAsync(() => !host.Get<Core.Platform.Database.DatabasePulse>().IsUp, "the outage is seen");
        await postgres.StartAsync();
        own.Owner.Clear();
        await Until.TrueAsync(async () => await own.ScalarAsync<long>("select count(*) from messages where ingested_via = 'sweep'") == 1, "the missed text");
    }

    /// <summary>A host whose first sweep is over.</summary>
    private async Task<EdgeHost> QuietAsync()
    {
        var host = await EdgeHost.StartAsync(_database);
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from sweep_marks") == 1, "the first sweep");
        await SweepAsync(host);
        return host;
    }

    private static async Task<SweepOutcome> SweepAsync(EdgeHost host)
    {
        SweepOutcome? outcome = null;
        await Until.TrueAsync(async () => (outcome = await host.Get<InboundSweep>().RunOnceAsync(CancellationToken.None)) is not null, "our turn to sweep");
        return outcome!;
    }

    private static CarrierMessage Listed(int text, TimeSpan ago) => new(
        EdgeHost.Sid(text), SampleTurns.Someone, SampleTurns.OurNumber, $"text {text}", "inbound", "received", null, 1, 0, null, null,
        DateTimeOffset.UtcNow - ago, null);
}
