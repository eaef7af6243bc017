using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Stories;

/// <summary>The story of a message, from rows and events written by hand.</summary>
public sealed class StoryReaderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 14, 31, 57, 204, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private HandPerson _person = null!;
    private StoryReader _stories = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _person = await HandPerson.AddAsync(_database);
        _stories = new(_database.Databases, new MessageBodies(_database.Databases, new PersonKeys(TestKeys.Masters)));
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private Task TellAsync(string type, string data, int milliseconds, long correlation = 1000) =>
        _person.EventAsync(type, data, correlation, Start.AddMilliseconds(milliseconds));

    private async Task TextAsync(string more = "")
    {
        await _person.MessageAsync(1000, Start, "why does my deploy keep failing?", state: "answered", sid: "SM1", position: 1);
        await TellAsync("received", $$"""{"m":1000,"via":"webhook","token":"Primary","url":"PortRemoved","batch":38,"verdict":"valid"{{more}}}""", 11);
    }

    private async Task AnswerAsync(string state = "delivered")
    {
        await _person.MessageAsync(1001, Start.AddMilliseconds(1741), "Exit 137 means memory.", "out", "answer", state, replyTo: 1000, sid: "SM0142aaaaaaaaaaaaaaaaaaaaaaaa9a01", position: 2);
        await _database.ExecuteAsync("""
            update messages set model = 'gpt-4o', tokens_in = 1610, tokens_cached = 512, tokens_out = 232, model_ms = 1720, model_micros = 5705, carrier_micros = 15800,
              num_segments = 2, attempt = 2 where id = 1001
            """);
        await TellAsync("answered", """{"m":1001,"r":1000,"kind":"answer","model":"gpt-4o","in":1610,"cached":512,"out":232,"ms":1720,"turns":12,"micros":5705,"segments":2,"category":"Coding"}""", 1741);
    }

    private async Task<MessageStory> StoryAsync(long message = 1000, bool withTexts = false) =>
        (await _stories.ReadAsync(message, withTexts, CancellationToken.None)).ShouldNotBeNull();

    private static string[] Lines(MessageStory story) =>
        [.. story.Timeline.Select(entry => $"{(int)entry.Offset.TotalMilliseconds} [{entry.Icon}] {entry.Title} | {entry.Detail}{(entry.Tone == StoryTone.None ? "" : $" ({entry.Tone})")}")];

    [Fact]
    public async Task Answered_text_is_told_from_the_webhook_to_the_phone()
    {
        await TextAsync();
        await AnswerAsync();
        await TellAsync("sending", """{"m":1001,"a":1}""", 1742);
        await TellAsync("retry", """{"m":1001,"why":"carrier_throttles","a":1,"seconds":1}""", 1949);
        await TellAsync("sending", """{"m":1001,"a":2}""", 2000);
        await TellAsync("sent", """{"m":1001,"a":2,"sid":"SM0142aaaaaaaaaaaaaaaaaaaaaaaa9a01","ms":184,"micros":15800,"segments":2,"recovered":""}""", 2184);
        await TellAsync("status", """{"m":1001,"status":"sent","code":null,"rank":40}""", 2400);
        await TellAsync("status", """{"m":1001,"status":"delivered","code":null,"rank":60}""", 3898);
        // Another turn of the same conversation is another story.
        await TellAsync("received", """{"m":1005,"via":"webhook"}""", 3000, correlation: 1005);

        var story = await StoryAsync();
        Lines(story).ShouldBe([
            "0 [in] Webhook received | POST /sms/receive",
            "0 [consent] Signature holds | Primary token, public URL with port removed",
            "11 [check] Stored | With its receipt and its place in the queue, batch of 38",
            "21 [routing] Routed to Coding | ",
            "21 [models] Asked gpt-4o | 12 turns · 1,610 tokens in, 512 cached",
            "1741 [sparkle] Answered: 232 tokens | 2 segments",
            "1742 [access] Gates out: all open | Stop, pause, consent, holds and money were asked by the statement that let it go.",
            "1742 [up] Sending, committed before the call | ",
            "1949 [refresh] Carrier said 429, waits 1 s | Try 1. Nothing was sent by it. (Warn)",
            "2000 [access] Gates out: all open | Stop, pause, consent, holds and money were asked by the statement that let it go.",
            "2000 [up] Sending, committed before the call | Call 2 to the carrier",
            "2184 [check] Carrier accepted | 201, SM0142…9a01 · after 184 ms · 2 segments",
            "3898 [checks] Delivered | Callback sent (+2.4 s), delivered (+3.9 s) (Ok)"]);
        story.Waterfall.Select(segment => $"{segment.Title} {segment.Took.TotalMilliseconds}").ShouldBe(["Waiting 21", "Model 1720", "Gate, send 443", "Carrier to phone 1714"]);
        (story.Took, story.Reached, story.StartedAt).ShouldBe((TimeSpan.FromMilliseconds(3898), "delivered", Start));
        // $2.50 a million in, $1.25 cached, $10 out.
        story.Costs.ShouldBe([new("Input, 1,098 fresh", 2745), new("Input, 512 cached", 640), new("Output, 232", 2320), new("SMS, 2 segments", 15_800)]);
        story.TotalMicros.ShouldBe(21_505);
        story.Answer.ShouldBe(new StoryAnswer("gpt-4o", null, "Coding", 2, 1610, 512, 232, TimeSpan.FromMilliseconds(1720)));
        story.Person.ShouldBe(new StoryPerson(_person.Id, "amber-otter-41", "67"));
    }

    [Fact]
    public async Task Story_is_the_same_from_the_answer_and_has_texts_only_when_asked_for()
    {
        await TextAsync();
        await AnswerAsync();
        var fromText = await StoryAsync(1000, withTexts: true);
        var fromAnswer = await StoryAsync(1001);
        Lines(fromAnswer).ShouldBe(Lines(fromText));
        (fromAnswer.Asked.Id, fromAnswer.Inbound!.Id, fromAnswer.Outbound!.Id).ShouldBe((1001, 1000, 1001));
        (fromText.Inbound!.Text, fromText.Outbound!.Text).ShouldBe(("why does my deploy keep failing?", "Exit 137 means memory."));
        (fromAnswer.Inbound.Text, fromAnswer.Outbound.Text).ShouldBe((null, null));
        (fromAnswer.Inbound.IsErased, fromText.Inbound.IsErased).ShouldBe((false, false));

        await _database.ExecuteAsync("delete from user_keys");
        var erased = await StoryAsync(1000, withTexts: true);
        (erased.Inbound!.Text, erased.Inbound.IsErased).ShouldBe((null, true));
    }

    [Theory]
    [InlineData("held", """{"m":1000,"by":"kill"}""", "[hold] Held: all is stopped | It waits, and nothing is lost. (Warn)")]
    [InlineData("held", """{"m":1000,"by":"pause"}""", "[hold] Held: the service is paused | It waits, and nothing is lost. (Warn)")]
    [InlineData("ignored", """{"m":1000,"why":"stop_word"}""", "[blocked] Not answered | The text said stop, which the carrier confirms.")]
    [InlineData("ignored", """{"m":1000,"why":"too_old"}""", "[clock] Not answered | It was too old to be answered by a machine.")]
    [InlineData("ignored", """{"m":1001,"why":"consent"}""", "[blocked] Not sent | This person opted out.")]
    [InlineData("uncertain", """{"m":1001,"why":"no_clear_answer","a":1}""", "[question] Uncertain: the carrier gave no clear answer | Its list is read before anything is sent again. (Warn)")]
    [InlineData("sent", """{"m":1001,"a":1,"sid":"SM12","recovered":"found"}""", "[check] Found with the carrier | Its list has the text: SM12. It was not sent again.")]
    [InlineData("retry", """{"m":1000,"why":"model_busy","a":1,"seconds":4}""", "[refresh] Model was busy, asked again in 4 s | Try 1. Nothing was answered by it. (Warn)")]
    [InlineData("retry", """{"m":1001,"why":"carrier_refuses_account 20003","a":1,"seconds":30}""", "[refresh] Carrier refuses our account, again in 30 s | Try 1. Everything waits until somebody puts it right; nothing failed by it. (Warn)")]
    [InlineData("failed", """{"m":1001,"code":21211,"why":"refused"}""", "[fault] Carrier refused it (21211) |  (Stop)")]
    [InlineData("dead_letter", """{"m":1000,"why":"crashes"}""", "[deadletter] Dead letter | The service died over it again and again. (Stop)")]
    [InlineData("replayed", """{"m":1000}""", "[refresh] Put back by a person |  (Info)")]
    [InlineData("status", """{"m":1001,"status":"undelivered","code":30003,"rank":50}""", "[fault] Undelivered by the carrier (30003) | Callback undelivered (+5.0 s) (Stop)")]
    [InlineData("status", """{"m":1001,"status":"sent","code":null,"rank":40}""", "[check] Carrier says: sent | Callback sent (+5.0 s)")]
    [InlineData("answered", """{"m":1001,"r":1000,"kind":"apology","model":"","segments":1}""", "[warning] Apology written | Every try to get an answer failed. (Warn)")]
    public async Task What_else_may_happen_is_said_in_plain_words(string type, string data, string line)
    {
        await TextAsync();
        await TellAsync(type, data, 5000);
        Lines(await StoryAsync())[^1].ShouldBe("5000 " + line);
    }

    [Fact]
    public async Task Text_the_sweep_found_and_its_opt_out_are_told()
    {
        await _person.MessageAsync(1000, Start, "stop", state: "opted_out", sid: "SM1", position: 1);
        await TellAsync("received", """{"m":1000,"via":"sweep","token":"","url":"","batch":1,"verdict":"short_code","consent":"out"}""", 3);
        Lines(await StoryAsync()).ShouldBe([
            "0 [in] Found by the sweep | Its webhook never came; the carrier's list had it.",
            "3 [check] Stored | With its receipt and its place in the queue",
            "3 [warning] The sender is no ordinary number | A short code: nobody can be answered there. (Warn)",
            "3 [blocked] Opted out | Written with the text itself: nothing is sent to this person any more."]);
    }

    [Fact]
    public async Task Send_that_no_text_asked_for_has_a_story_of_its_own()
    {
        await _person.MessageAsync(2000, Start, "by hand", "out", "manual", "sent", sid: "SM2", position: 1);
        await TellAsync("answered", """{"m":2000,"r":0,"kind":"manual","segments":1}""", 1, correlation: 2000);
        await TellAsync("sent", """{"m":2000,"a":1,"sid":"SM2","ms":90,"micros":7900,"segments":1}""", 500, correlation: 2000);
        var story = await StoryAsync(2000);
        story.Inbound.ShouldBeNull();
        Lines(story).ShouldBe(["1 [edit] Written by a person | ", "500 [check] Carrier accepted | 201, SM2 · after 90 ms · 1 segment"]);
        story.Reached.ShouldBe("accepted by the carrier");
        story.Answer.ShouldBeNull();
    }

    [Fact]
    public async Task Receipt_that_overtook_our_own_note_leaves_no_negative_time()
    {
        await TextAsync();
        await AnswerAsync();
        await TellAsync("status", """{"m":1001,"status":"delivered","code":null,"rank":60}""", 2000);
        await TellAsync("sent", """{"m":1001,"a":1,"sid":"SM1","ms":300}""", 2100);
        (await StoryAsync()).Waterfall.Select(segment => $"{segment.Title} {segment.Took.TotalMilliseconds}").ShouldBe(["Waiting 21", "Model 1720", "Gate, send 259"]);
    }

    [Fact]
    public async Task Cost_at_a_price_that_has_changed_is_one_line_that_still_fits()
    {
        await TextAsync();
        await AnswerAsync();
        await _database.ExecuteAsync("update messages set model_micros = 9000 where id = 1001");
        var story = await StoryAsync();
        story.Costs.ShouldBe([new("Model, 1,610 tokens in, 232 out", 9000), new("SMS, 2 segments", 15_800)]);
        story.TotalMicros.ShouldBe(24_800);
    }

    [Fact]
    public async Task Unknown_message_has_no_story() => (await _stories.ReadAsync(99, true, CancellationToken.None)).ShouldBeNull();
}
