using SmsAi.Core.Features.Tasks;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Tasks;

/// <summary>One row per inbound turn, whatever becomes of it.</summary>
public sealed class TasksReaderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 14, 31, 57, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private HandPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _person = await HandPerson.AddAsync(_database);
        await _person.MessageAsync(1000, Start, "why?", sid: "SM1000");
        await _person.MessageAsync(1001, Start.AddSeconds(2), "because", "out", "answer", "sent", replyTo: 1000, sid: "SM1001");
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private Task ReadAsync() => _database.ReadAllAsync(new TasksReader());

    private Task<IReadOnlyList<string>> TasksAsync() => _database.ListAsync<string>("""
        select inbound_id || ' ' || coalesce(outbound_id::text, '-') || ' ' || category || ' ' || tokens_used || ' tokens ' || coalesce(processing_ms::text, '-') || ' ms '
          || coalesce(success::text, 'open') || ' ' || coalesce(error_message, '-') || ' ' || coalesce(to_char(completed_at, 'HH24:MI:SS'), '-')
        from tasks order by inbound_id
        """);

    private Task ReceivedAsync() => _person.EventAsync("received", """{"m":1000}""", 1000, Start);

    private Task AnsweredAsync(string kind = "answer") => _person.EventAsync(
        "answered", $$"""{"m":1001,"r":1000,"kind":"{{kind}}","in":120,"out":40,"category":"Coding"}""", 1000, Start.AddSeconds(2));

    private Task SentAsync(long message = 1001) =>
        _person.EventAsync("sent", $$"""{"m":{{message}},"a":1,"micros":7900}""", 1000, Start.AddSeconds(3));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answered_turn_is_one_task_whether_read_at_once_or_bit_by_bit(bool atOnce)
    {
        foreach (var step in (Func<Task>[])[ReceivedAsync, () => AnsweredAsync(), () => SentAsync()])
        {
            await step();
            if (!atOnce)
                await ReadAsync();
        }

        await ReadAsync();
        (await TasksAsync()).ShouldBe(["1000 1001 Coding 160 tokens 3000 ms true - 14:32:00"]);
        (await _database.ScalarAsync<bool>("select inbound_at = created_at and outbound_at = '2026-03-10 14:31:59Z' from tasks")).ShouldBeTrue();
    }

    [Fact]
    public async Task Turn_without_an_outcome_is_neither_success_nor_failure()
    {
        await ReceivedAsync();
        await AnsweredAsync();
        await ReadAsync();
        (await TasksAsync()).ShouldBe(["1000 1001 Coding 160 tokens - ms open - -"]);
    }

    [Theory]
    [InlineData("dead_letter", """{"m":1000,"why":"crashes"}""", "false crashes")]
    [InlineData("ignored", """{"m":1000,"why":"blocked"}""", "false blocked")]
    [InlineData("ignored", """{"m":1000,"why":"stop_word"}""", "true -")]
    public async Task End_without_a_sent_answer_says_why(string type, string data, string outcome)
    {
        await ReceivedAsync();
        await ReadAsync();
        await _person.EventAsync(type, data, 1000, Start.AddSeconds(1));
        await ReadAsync();
        (await TasksAsync()).ShouldBe([$"1000 - General 0 tokens - ms {outcome} 14:31:58"]);
    }

    [Fact]
    public async Task Answer_the_carrier_refused_is_no_success()
    {
        await ReceivedAsync();
        await AnsweredAsync();
        await ReadAsync();
        await _person.EventAsync("failed", """{"m":1001,"code":21211,"why":"number"}""", 1000, Start.AddSeconds(3));
        await ReadAsync();
        (await TasksAsync()).ShouldBe(["1000 1001 Coding 160 tokens - ms false number 14:32:00"]);
    }

    [Fact]
    public async Task Apology_that_was_sent_is_no_success()
    {
        await ReceivedAsync();
        await AnsweredAsync("apology");
        await ReadAsync();
        await SentAsync();
        await ReadAsync();
        (await TasksAsync()).ShouldBe(["1000 1001 Coding 160 tokens 3000 ms false apology 14:32:00"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Notice_of_a_pause_does_not_end_the_turn(bool atOnce)
    {
        await ReceivedAsync();
        await _person.EventAsync("answered", """{"m":1002,"r":1000,"kind":"pause_notice"}""", 1000, Start.AddSeconds(1));
        if (!atOnce)
            await ReadAsync();
        await AnsweredAsync();
        await SentAsync(1002);
        await ReadAsync();
        (await TasksAsync()).ShouldBe(["1000 1001 Coding 160 tokens - ms open - -"]);
    }

    [Fact]
    public async Task Dead_letter_put_back_is_open_again_and_may_succeed()
    {
        await ReceivedAsync();
        await _person.EventAsync("dead_letter", """{"m":1000,"why":"model"}""", 1000, Start.AddSeconds(1));
        await ReadAsync();
        await _person.EventAsync("replayed", """{"m":1000}""", 1000, Start.AddSeconds(2));
        await ReadAsync();
        (await TasksAsync()).ShouldBe(["1000 - General 0 tokens - ms open - -"]);
        await AnsweredAsync();
        await SentAsync();
        await ReadAsync();
        (await TasksAsync()).ShouldBe(["1000 1001 Coding 160 tokens 3000 ms true - 14:32:00"]);
    }

    [Fact]
    public async Task Same_question_twice_is_two_tasks()
    {
        await _person.MessageAsync(1010, Start.AddMinutes(1), "why?", sid: "SM1010");
        await ReceivedAsync();
        await _person.EventAsync("received", """{"m":1010}""", 1010, Start.AddMinutes(1));
        await ReadAsync();
        (await _database.ScalarAsync<long>("select count(distinct task_hash) from tasks where length(task_hash) = 32 and substr(task_hash, 1, 8) = int8send(inbound_id)")).ShouldBe(2);
    }

    [Fact]
    public async Task Send_that_no_text_asked_for_is_no_task()
    {
        await _person.EventAsync("sent", """{"m":1001,"a":1}""", 1001, Start);
        await ReadAsync();
        (await TasksAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Text_that_waited_for_months_is_still_found()
    {
        await _person.EventAsync("sent", """{"m":1001,"a":1}""", 1000, Start.AddMonths(3));
        await ReadAsync();
        (await TasksAsync()).ShouldHaveSingleItem().ShouldStartWith("1000 ");
    }
}
