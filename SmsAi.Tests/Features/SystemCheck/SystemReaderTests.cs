using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.SystemCheck;

/// <summary>Each replica writes its figures, and any of them shows all.</summary>
public sealed class SystemReaderTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Replica_shows_its_siblings_figures_and_what_they_hear_from_the_services()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        var pulse = host.Get<DatabasePulse>();
        await Until.TrueAsync(() => pulse.IsUp, "the database was asked");
        var options = Options.Create(new QueueOptions { TurnsAtOnce = 8 });
        var turns = new TurnSlots(options);
        turns.TryTake(3);
        using var meter = new ReplicaMeter(turns, options, Path.GetTempPath());
        using var sibling = new Replica(_database.Databases.Pages);
        var heard = new ServiceStates(TimeProvider.System);
        heard.Note(ServiceStates.Twilio, ServiceState.Down, error: "401: not ours");
        using (var report = new ReplicaReport(
            _database.Databases, sibling, meter, heard, pulse, host.Get<RedisConnection>(), NullLogger<ReplicaReport>.Instance))
        {
            await report.WriteAsync(CancellationToken.None);
            await report.WriteAsync(CancellationToken.None);
        }

        var id = await sibling.IdAsync(CancellationToken.None);
        var now = await ReadAsync();

        var view = now.Replicas.Single(replica => replica.Id == id);
        view.IsThere.ShouldBeTrue();
        (view.Figures!.Turns, view.Figures.TurnsAtMost).ShouldBe((3, 8));
        view.Figures.MemoryBytes.ShouldBeGreaterThan(10_000_000);
        view.Figures.Threads.ShouldBeGreaterThan(1);
        view.Figures.DiskFreeBytes!.Value.ShouldBeInRange(1, view.Figures.DiskBytes!.Value);
        now.Services.Select(service => (service.Name, service.State)).ShouldBe(
            [(ServiceStates.Database, ServiceState.Up), (ServiceStates.Redis, ServiceState.Off), (ServiceStates.Twilio, ServiceState.Down), (ServiceStates.OpenAi, ServiceState.Unknown)]);
        now.Services[2].LastError.ShouldBe("401: not ours");
        now.Services[2].DownFor.ShouldBe([view.Name]);
    }

    [Fact]
    public async Task Replica_that_went_without_a_word_is_told_from_one_that_stopped_in_order()
    {
        await _database.ExecuteAsync("""
            insert into replicas (name, seen_at, stopped_at) values
              ('there', now(), null), ('gone', now() - interval '1 minute', null), ('long gone', now() - interval '1 day', null), ('stopped', now(), now())
            """);

        var now = await ReadAsync();

        now.Replicas.Select(replica => (replica.Name, replica.IsThere, replica.StoppedAt is not null, replica.IsMissedAt(now.At))).ShouldBe(
            [("there", true, false, false), ("stopped", false, true, false), ("gone", false, false, true), ("long gone", false, false, false)]);
    }

    [Fact]
    public async Task Database_tells_its_size_its_oldest_transaction_and_what_waits()
    {
        await using var open = await _database.Databases.Road.OpenConnectionAsync();
        await using var transaction = await open.BeginTransactionAsync();
        await using (var look = open.CreateCommand())
        {
            look.CommandText = "select count(*) from users";
            await look.ExecuteScalarAsync();
        }

        await _database.ExecuteAsync("""
            insert into users (id, phone_hash, alias) values (7, sha256('x'), 'calm-otter-07');
            insert into queue (id, conversation_id, user_id, inbound_id, message_at, position, state) values
              (1, 1, 7, 1, now() - interval '90 seconds', 1, 'queued'), (2, 2, 7, 2, now(), 2, 'held'),
              (3, 2, 7, 3, now() - interval '3 hours', 3, 'queued');
            """);

        var now = await ReadAsync();

        now.Database.SizeBytes.ShouldBeGreaterThan(1_000_000);
        now.Database.OldestTransaction!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        now.Database.XminAge.ShouldBeGreaterThan(0);
        now.Database.Partitions.ShouldBeGreaterThanOrEqualTo(4);
        now.Database.NewestPartition!.ShouldStartWith("messages_");
        now.Database.Pools.Select(pool => pool.Key).ShouldContain("road");
        (now.Queue.Due, now.Queue.Held).ShouldBe((1, 2), "what waits behind a held text is held as well");
        now.Queue.Oldest!.Value.ShouldBeInRange(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(120));
    }

    private async Task<SystemSnapshot> ReadAsync()
    {
        using var reader = new SystemReader(_database.Databases, TimeProvider.System);
        return await reader.ReadAsync(CancellationToken.None);
    }
}
