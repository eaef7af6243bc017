using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Conversations;

/// <summary>The inbox as its reader keeps it and its list reads it.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private InboxList _list = null!;
    private long _mara;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        _list = new InboxList(_database.Databases, new MessageBodies(_database.Databases, new PersonKeys(TestKeys.Masters)), new FixedClock(Now));
        _mara = await _database.ScalarAsync<long>("insert into operators (user_name, created_at) values ('mara', '2026-03-01') returning id");
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Conversations_stand_by_their_newest_message_with_its_words_and_state()
    {
        var amber = await HandPerson.AddAsync(_database);
        var river = await HandPerson.AddAsync(_database, "river-stoat-30", "81");
        await SaysAsync(amber, 1, Now.AddMinutes(-3), "where is my parcel?");
        await SaysAsync(river, 2, Now.AddMinutes(-2), "hello");
        await AnswersAsync(amber, 3, Now.AddMinutes(-1), "On its way.", replyTo: 1);
        await ReadAllAsync();

        var lines = (await ReadAsync(new())).Lines;

        lines.Select(line => $"{line.Alias} {line.Tail} {(line.IsInbound ? "in" : "out")} {line.State} {line.Text}")
            .ShouldBe(["amber-otter-41 67 out delivered On its way.", "river-stoat-30 81 in received hello"]);
        (await _list.ReadAsync(new(), null, null, 10, withTexts: false, CancellationToken.None)).Lines.ShouldAllBe(line => line.Text == null && line.Length > 0);
    }

    [Fact]
    public async Task An_answer_alone_and_somebody_elses_text_are_read_in_one_pass()
    {
        var amber = await HandPerson.AddAsync(_database);
        var river = await HandPerson.AddAsync(_database, "river-stoat-30", "81");
        await SaysAsync(amber, 1, Now.AddMinutes(-3), "where is my parcel?");
        await ReadAllAsync();
        await AnswersAsync(amber, 2, Now.AddMinutes(-2), "On its way.", replyTo: 1);
        await SaysAsync(river, 3, Now.AddMinutes(-1), "hello");
        await _database.SettledAsync();

        (await new LedgerPass(_database.Databases.Pages, new InboxReader(_live), new LedgerWindow()).RunOnceAsync(100, skip: false, CancellationToken.None)).Applied.ShouldBe(2);

        (await ReadAsync(new())).Lines.Select(line => $"{line.Alias} {line.Text} {line.Unread}").ShouldBe(["river-stoat-30 hello 1", "amber-otter-41 On its way. 1"]);
    }

    [Fact]
    public async Task Unread_is_each_operators_own_and_counts_only_texts_since_she_looked()
    {
        var amber = await HandPerson.AddAsync(_database);
        var jonas = await _database.ScalarAsync<long>("insert into operators (user_name, created_at) values ('jonas', '2026-03-01') returning id");
        await SaysAsync(amber, 1, Now.AddMinutes(-9), "one");
        await SaysAsync(amber, 2, Now.AddMinutes(-8), "two");
        await AnswersAsync(amber, 3, Now.AddMinutes(-7), "Yes.", replyTo: 2);
        await ReadAllAsync();
        (await ReadAsync(new())).Lines.Single().Unread.ShouldBe(2);

        await _list.MarkReadAsync(_mara, amber.Conversation, position: 2, CancellationToken.None);
        await _list.MarkReadAsync(_mara, amber.Conversation, position: 1, CancellationToken.None);

        (await ReadAsync(new())).Lines.Single().Unread.ShouldBe(0);
        (await ReadAsync(new() { Show = InboxShow.Unread })).Lines.ShouldBeEmpty();
        (await _list.CountAsync(_mara, CancellationToken.None)).Unread.ShouldBe(0);
        (await _list.CountAsync(jonas, CancellationToken.None)).Unread.ShouldBe(1);
        await SaysAsync(amber, 4, Now.AddMinutes(-1), "and now?");
        await ReadAllAsync();
        (await ReadAsync(new() { Show = InboxShow.Unread })).Lines.Single().Unread.ShouldBe(1);
    }

    [Fact]
    public async Task What_came_before_an_account_or_before_all_was_marked_read_is_not_unread()
    {
        var amber = await HandPerson.AddAsync(_database);
        await SaysAsync(amber, 1, Now.AddDays(-40), "long ago");
        await ReadAllAsync();
        (await ReadAsync(new())).Lines.Single().Unread.ShouldBe(0);

        await SaysAsync(amber, 2, Now.AddMinutes(-5), "lately");
        await ReadAllAsync();
        (await ReadAsync(new())).Lines.Single().Unread.ShouldBe(1);
        await _list.MarkAllReadAsync(_mara, CancellationToken.None);

        (await ReadAsync(new())).Lines.Single().Unread.ShouldBe(0);
        (await _list.CountAsync(_mara, CancellationToken.None)).Unread.ShouldBe(0);
    }

    [Fact]
    public async Task Filters_find_who_needs_a_person_who_waits_and_tier_and_channel()
    {
        var people = new List<HandPerson>();
        for (var n = 0; n < 4; n++)
        {
            people.Add(await HandPerson.AddAsync(_database, $"quiet-heron-{n}", "12"));
            await SaysAsync(people[n], 10 + n, Now.AddMinutes(-n), "hello");
        }

        await _database.ExecuteAsync("""
            insert into dead_letters (message_id, message_at, conversation_id, user_id, inbound_id, class, reason, tries, crashes)
            values (11, $1, $2, $3, 11, 1, 'carrier_unreachable', 3, 0)
            """, Now.UtcDateTime, people[1].Conversation, people[1].Id);
        await _database.ExecuteAsync(
            "insert into queue (id, conversation_id, user_id, inbound_id, message_at, position, state) values (12, $1, $2, 12, $3, 1, 'running')",
            people[2].Conversation, people[2].Id, Now.UtcDateTime);
        await _database.ExecuteAsync("update users set tier_id = 2 where id = $1", people[3].Id);
        await _database.ExecuteAsync("update conversations set channel = 'whatsapp' where id = $1", people[0].Conversation);
        await ReadAllAsync();

        (await ReadAsync(new() { Show = InboxShow.NeedsPerson })).Lines.Single().Alias.ShouldBe("quiet-heron-1");
        var waiting = (await ReadAsync(new() { Show = InboxShow.Waiting })).Lines.Single();
        (waiting.Alias, waiting.State).ShouldBe(("quiet-heron-2", "answering"));
        (await ReadAsync(new() { Tier = "premium" })).Lines.Single().Alias.ShouldBe("quiet-heron-3");
        (await ReadAsync(new() { Channel = "whatsapp" })).Lines.Single().Alias.ShouldBe("quiet-heron-0");
        (await _list.CountAsync(_mara, CancellationToken.None)).NeedsPerson.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_follow_each_other_down_and_up_without_gap_or_repeat()
    {
        for (var n = 0; n < 7; n++)
            await SaysAsync(await HandPerson.AddAsync(_database, $"mossy-vole-{n}", "45"), 100 + n, Now.AddMinutes(-n / 2), "hello");
        await ReadAllAsync();

        var first = await PageAsync(null, null);
        var second = await PageAsync(first.Lines[^1], null);
        var third = await PageAsync(second.Lines[^1], null);
        var back = await PageAsync(null, second.Lines[0]);

        string[] all = [.. first.Lines.Concat(second.Lines).Concat(third.Lines).Select(line => line.Alias)];
        all.Distinct().Count().ShouldBe(7);
        all.Length.ShouldBe(7);
        (first.HasNewer, first.HasOlder, third.HasNewer, third.HasOlder).ShouldBe((false, true, true, false));
        back.Lines.Select(line => line.Alias).ShouldBe(first.Lines.Select(line => line.Alias));
        back.HasNewer.ShouldBeFalse();
    }

    private Task<InboxWindow> PageAsync(InboxLine? before, InboxLine? after) =>
        _list.ReadAsync(new(), Place(before), Place(after), 3, withTexts: false, CancellationToken.None);

    private static MessageCursor? Place(InboxLine? line) => line is null ? null : new(line.At, line.Conversation);

    private Task<InboxWindow> ReadAsync(InboxFilter filter) =>
        _list.ReadAsync(filter with { Operator = _mara }, null, null, 10, withTexts: true, CancellationToken.None);

    private Task ReadAllAsync() => _database.ReadAllAsync(new InboxReader(_live));

    private static async Task SaysAsync(HandPerson person, long id, DateTimeOffset at, string body)
    {
        var position = await PositionAsync(person);
        await person.MessageAsync(id, at, body, position: position);
        await person.EventAsync("received", $$"""{"m":{{id}}}""", id, at);
    }

    private static async Task AnswersAsync(HandPerson person, long id, DateTimeOffset at, string body, long replyTo)
    {
        var position = await PositionAsync(person);
        await person.MessageAsync(id, at, body, "out", "answer", "delivered", replyTo, position: position);
        await person.EventAsync("answered", $$"""{"m":{{id}},"r":{{replyTo}}}""", replyTo, at);
    }

    private static Task<long> PositionAsync(HandPerson person) =>
        person.Database.ScalarAsync<long>("select coalesce(max(version), 0) + 1 from events where stream_id = $1", person.Conversation);
}
