using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Receipts;

/// <summary>Texts the carrier never reported on are asked about, three times at most.</summary>
public sealed class ReceiptPollTests : IAsyncLifetime
{
    private readonly SilentCarrier _carrier = new();
    private TestDatabase _database = null!;
    private ReceiptWriter _writer = null!;
    private SampleThread _thread = null!;
    private ReceiptPoll _poll = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _writer = ReceiptWriterTests.Writer(_database);
        _thread = await SampleThread.CreateAsync(_database);
        _poll = new ReceiptPoll(
            _database.Databases, _carrier, _writer, Options.Create(new ReceiptPollOptions { PollAfter = TimeSpan.FromMinutes(10) }), NullLogger<ReceiptPoll>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Silent_text_is_asked_about_and_resolved()
    {
        var id = await SentAsync("SM1", minutesAgo: 11, "delivered");
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(1);
        (await _thread.StateAsync(id)).ShouldBe("delivered delivered");
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Young_and_reported_texts_are_left_alone()
    {
        await SentAsync("SM1", minutesAgo: 9, "delivered");
        await SentAsync("SM2", minutesAgo: 11, "delivered");
        await _writer.AddAsync(new Receipt("SM2", null, "sent", null), CancellationToken.None);
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(0);
        _carrier.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Text_that_stays_silent_is_asked_about_three_times()
    {
        await SentAsync("SM1", minutesAgo: 11, "queued");
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(1);
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(0);
        await AgeAsync(minutes: 31);
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(1);
        await AgeAsync(minutes: 91);
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(1);
        await AgeAsync(minutes: 500);
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(0);
        _carrier.Asked.ShouldBe(3);
    }

    [Fact]
    public async Task Absent_carrier_costs_no_text_a_look()
    {
        for (var text = 1; text <= 3; text++)
            await SentAsync($"SM{text}", minutesAgo: 11, "delivered");
        _carrier.IsAway = true;
        await _poll.RunOnceAsync(CancellationToken.None);
        _carrier.IsAway = false;
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(3);
        (await _database.ScalarAsync<long>("select count(*) from messages where state = 'delivered'")).ShouldBe(3);
    }

    [Fact]
    public async Task Text_the_carrier_has_forgotten_keeps_nobody_waiting()
    {
        await SentAsync("SM1", minutesAgo: 11, null);
        await SentAsync("SM2", minutesAgo: 11, "delivered");
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(2);
    }

    [Fact]
    public async Task Long_ledger_is_read_in_steps()
    {
        await _database.ExecuteAsync("""
            insert into events (stream_id, version, type, created_at) select 999, n, 'received', now() - interval '2 hours' from generate_series(1, 12000) n
            """);
        await SentAsync("SM1", minutesAgo: 100, "delivered");
        (await _poll.RunOnceAsync(CancellationToken.None)).ShouldBe(1);
        (await _database.ListAsync<string>("select reader from ledger_cursors where id = (select max(id) from events where type <> 'status') order by 1"))
            .ShouldBe(["receipt_poll_1", "receipt_poll_3", "receipt_poll_9"]);
    }

    private async Task<long> SentAsync(string sid, int minutesAgo, string? carrierSays)
    {
        var id = await _thread.SentAsync(sid: sid);
        await _database.ExecuteAsync("""
            with c as (update conversations set version = version + 1 where id = $1 returning version)
            insert into events (stream_id, version, type, data, created_at) select $1, version, 'sent', jsonb_build_object('m', $2, 'sid', $3), now() - make_interval(mins => $4) from c
            """, _thread.ConversationId, id, sid, minutesAgo);
        if (carrierSays is not null)
            _carrier.Outbound[sid] = new CarrierMessage(
                sid, SampleTurns.OurNumber, SampleTurns.Someone, "Hello", "outbound-api", carrierSays, null, 1, 0, null, null, DateTimeOffset.UtcNow, null);
        return id;
    }

    private Task<int> AgeAsync(int minutes) => _database.ExecuteAsync("update events set created_at = now() - make_interval(mins => $1) where type = 'sent'", minutes);
}
