using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Stories;

/// <summary>The list of all messages on real PostgreSQL: its filters, its pages, and the index it walks along.</summary>
public sealed class MessageListTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly MessageFilter Everything = new() { From = DateTimeOffset.UnixEpoch };

    private TestDatabase _database = null!;
    private MessageList _list = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _list = new MessageList(_database.Databases, new MessageBodies(_database.Databases, new PersonKeys(TestKeys.Masters)));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task States_are_the_words_the_queue_and_the_answer_give()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.MessageAsync(1, Noon, "answered one");
        await person.MessageAsync(2, Noon.AddSeconds(2), "an answer", "out", "answer", "delivered", replyTo: 1);
        await person.MessageAsync(3, Noon.AddSeconds(3), "waits");
        await person.MessageAsync(4, Noon.AddSeconds(4), "works");
        await person.MessageAsync(5, Noon.AddSeconds(5), "held back", "out", "manual", "pending");
        await person.MessageAsync(6, Noon.AddSeconds(6), body: null, state: "opted_out");
        await _database.ExecuteAsync(
            "insert into tasks (user_id, conversation_id, inbound_id, inbound_at, outbound_id, category) values ($1, $2, 1, now(), 2, 'Coding')", person.Id, person.Conversation);
        foreach (var (id, state) in new[] { (3, "queued"), (4, "running"), (5, "held") })
            await _database.ExecuteAsync(
                "insert into queue (id, conversation_id, user_id, message_at, position, state) values ($1, $2, $3, now(), $1, $4::queue_state)", (long)id, person.Conversation + id, person.Id, state);

        var messages = (await ReadAsync(Everything)).Messages;

        messages.Select(message => (message.Id, message.State)).ShouldBe(
            [(6L, "opted_out"), (5L, "held"), (4L, "answering"), (3L, "queued"), (2L, "delivered"), (1L, "answered")]);
        messages.Select(message => message.Length).ShouldBe([null, 9, 5, 5, 9, 12]);
        messages[^1].Category.ShouldBe("Coding");
        messages[^1].Alias.ShouldBe("amber-otter-41");
        foreach (var message in messages)
            (await ReadAsync(Everything with { State = message.State })).Messages.Select(found => found.Id).ShouldBe([message.Id], message.State);
        (await _list.ReadBodiesAsync([1, 2, 6], CancellationToken.None)).Values.ShouldBe(["answered one", "an answer"], ignoreOrder: true);
    }

    [Fact]
    public async Task Each_filter_leaves_only_its_own()
    {
        var (otter, ibis) = (await HandPerson.AddAsync(_database), await HandPerson.AddAsync(_database, "stark-ibis-56", "18"));
        await otter.MessageAsync(1, Noon);
        await otter.MessageAsync(2, Noon.AddMinutes(1), "dear", "out", "answer", "sent");
        await ibis.MessageAsync(3, Noon.AddMinutes(2), "cheap", "out", "broadcast", "failed");
        await _database.ExecuteAsync("update messages set model_micros = 9000, carrier_micros = 2000 where id = 2");

        (await IdsAsync(Everything with { Kind = "broadcast" })).ShouldBe([3]);
        (await IdsAsync(Everything with { IsInbound = true })).ShouldBe([1]);
        (await IdsAsync(Everything with { IsInbound = false })).ShouldBe([3, 2]);
        (await IdsAsync(Everything with { Alias = "stark-ibis-56" })).ShouldBe([3]);
        (await IdsAsync(Everything with { Alias = "nobody" })).ShouldBeEmpty();
        (await IdsAsync(Everything with { FromMicros = 11_000 })).ShouldBe([2]);
        (await IdsAsync(Everything with { FromMicros = 11_001 })).ShouldBeEmpty();
        (await IdsAsync(Everything with { From = Noon.AddMinutes(1), Until = Noon.AddMinutes(2) })).ShouldBe([2]);
        (await IdsAsync(Everything with { State = "failed", IsInbound = false })).ShouldBe([3]);
    }

    [Fact]
    public async Task Pages_follow_each_other_down_and_up_also_within_one_moment()
    {
        var person = await HandPerson.AddAsync(_database);
        for (var id = 1; id <= 25; id++)
            await person.MessageAsync(id, Noon.AddSeconds(id / 7));

        var first = await ReadAsync(Everything);
        var second = await ReadAsync(Everything, before: first.Messages[^1].Cursor);
        var third = await ReadAsync(Everything, before: second.Messages[^1].Cursor);
        var back = await ReadAsync(Everything, after: third.Messages[0].Cursor);

        first.Messages.Concat(second.Messages).Concat(third.Messages).Select(message => message.Id).ShouldBe(Enumerable.Range(1, 25).Reverse().Select(n => (long)n));
        back.Messages.Select(message => message.Id).ShouldBe(second.Messages.Select(message => message.Id));
        (first.HasNewer, first.HasOlder, third.HasNewer, third.HasOlder).ShouldBe((false, true, true, false));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("a-b")]
    [InlineData("-1-5")]
    [InlineData("99999999999999999999-1")]
    [InlineData("999999999999999999-1")]
    public void Cursor_that_is_none_is_no_fault(string? text) => MessageCursor.Parse(text).ShouldBeNull();

    [Fact]
    public void Cursor_in_an_address_is_exact_to_the_microsecond()
    {
        var cursor = new MessageCursor(Noon.AddTicks(12_345_670), 42);

        MessageCursor.Parse(cursor.ToString()).ShouldBe(cursor);
    }

    public static TheoryData<string> Filters => ["none", "deep", "state", "kind", "direction", "cost"];

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task List_walks_along_the_newest_index_and_sorts_nothing(string what)
    {
        await FillAsync();
        var filter = what switch
        {
            "state" => Everything with { State = "answered" },
            "kind" => Everything with { Kind = "answer" },
            "direction" => Everything with { IsInbound = true },
            "cost" => Everything with { FromMicros = 10_000 },
            _ => Everything,
        };
        var cursor = what == "deep" ? new MessageCursor(DateTimeOffset.UtcNow.AddDays(-20), 28_000) : null;
        var plan = await PlanAsync(filter, cursor);
        // Months are merged in order; "Sort Key" is how that is said.
        plan.Where(line => line.Contains("->  Sort", StringComparison.Ordinal) || line.Contains("Seq Scan on messages", StringComparison.Ordinal)
            || line.Contains("Seq Scan on tasks", StringComparison.Ordinal) || line.Contains("Hash", StringComparison.Ordinal)).ShouldBeEmpty();
        string.Join('\n', plan).ShouldContain("created_at_id_idx");
    }

    [Theory]
    [InlineData("failed", null, "messages_odd")]
    [InlineData(null, "manual", "messages_rare_kinds")]
    [InlineData("held", null, "messages_pkey")]
    public async Task What_is_rare_is_found_by_its_own_index_however_much_went_well_since(string? state, string? kind, string index)
    {
        await FillAsync();
        var living = state == "held" ? new long[] { 7, 8 } : null;

        var plan = await PlanAsync(Everything with { State = state, Kind = kind }, null, living);

        var its = await _database.ListAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = $1::regclass", index);
        // A month without rows is looked through as it is.
        var walked = plan.Where(line => line.Contains(" on messages_", StringComparison.Ordinal) && !line.Contains("cost=0.00..0.00", StringComparison.Ordinal)).ToList();
        walked.ShouldNotBeEmpty();
        walked.ShouldAllBe(line => its.Any(one => line.Contains($" using {one} on ", StringComparison.Ordinal) || line.Contains($"Bitmap Index Scan on {one} ", StringComparison.Ordinal)
            || line.Contains("Bitmap Heap Scan", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Odd_states_are_the_same_to_the_filter_and_to_the_column()
    {
        await _database.ExecuteAsync("""
            insert into messages (id, created_at, conversation_id, user_id, direction, kind, state)
            select 900 + n, now(), 1, 1, 'out', 'answer', state from unnest(enum_range(null::message_state)) with ordinality s(state, n)
            """);

        var odd = await _database.ListAsync<string>("select state::text from messages where is_odd and id > 900 order by id");

        odd.ShouldBe((await _database.ListAsync<string>("select state::text from messages where id > 900 order by id")).Where(state => (Everything with { State = state }).IsOdd));
        odd.ShouldContain("failed");
    }

    private async Task FillAsync() => await _database.ExecuteAsync("""
        insert into users (id, phone_hash, alias) select n, sha256(n::text::bytea), 'person-' || n from generate_series(1, 500) n;
        insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, reply_to, body_cipher, model_micros)
        select n, now() - n * interval '1 minute', 1 + n % 500, 1 + n % 500, (array['in', 'out'])[1 + n % 2]::message_direction, (array['text', 'answer'])[1 + n % 2]::message_kind,
          (array['received', 'delivered'])[1 + n % 2]::message_state, case when n % 2 = 1 then n + 1 end, sha256('x'), n % 2 * (n % 20000)
        from generate_series(1, 40000) n;
        insert into tasks (user_id, conversation_id, inbound_id, inbound_at, outbound_id, category)
        select 1 + n % 500, 1 + n % 500, n, now(), n - 1, 'Coding' from generate_series(2, 40000, 2) n;
        analyze;
        """);

    private async Task<List<string>> PlanAsync(MessageFilter filter, MessageCursor? cursor, long[]? living = null)
    {
        await using var command = _database.Databases.Pages.CreateCommand("explain " + MessageListSql.Older);
        command.Parameters.AddRange(MessageList.Parameters(filter, cursor, 51, living).ToArray());
        List<string> plan = [];
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync()) plan.Add(rows.GetString(0));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', plan));
        return plan;
    }

    private Task<MessageWindow> ReadAsync(MessageFilter filter, MessageCursor? before = null, MessageCursor? after = null) =>
        _list.ReadAsync(filter, before, after, 10, CancellationToken.None);

    private async Task<IEnumerable<long>> IdsAsync(MessageFilter filter) => (await ReadAsync(filter)).Messages.Select(message => message.Id);
}
