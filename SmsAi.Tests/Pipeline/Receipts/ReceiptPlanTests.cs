using SmsAi.Core.Pipeline.Receipts;

namespace SmsAi.Tests.Pipeline.Receipts;

/// <summary>What receipts amount to, in any order, decided without a database.</summary>
public sealed class ReceiptPlanTests
{
    private const string Sid = "SM0123456789abcdef0123456789abcdef";

    public static TheoryData<string, string, string> Sequences() => new()
    {
        // the words in the order they come · the state it ends in · the events told
        { "queued sending sent delivered", "delivered delivered", "queued sending sent delivered" },
        { "delivered sent sending queued", "delivered delivered", "delivered" },
        { "sent sent sent", "sent sent", "sent" },
        { "delivered delivered read", "read read", "delivered read" },
        { "read delivered", "read read", "read" },
        { "undelivered:30003 delivered", "delivered delivered", "undelivered delivered" },
        { "delivered undelivered:30003", "delivered delivered", "delivered" },
        { "failed:30007 undelivered:30003", "failed failed 30007", "failed" },
        { "sent partially_delivered undelivered:30008", "undelivered undelivered 30008", "sent partially_delivered undelivered" },
        { "canceled sent", "cancelled canceled", "canceled" },
        { "sent received", "sent sent", "sent" },
        { "sent somethingnew delivered", "delivered delivered", "sent delivered" },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Receipts_of_one_batch_end_in_the_highest_state(string words, string state, string events)
    {
        var message = Message(sid: Sid);
        var plan = Make(words.Split(' ').Select(Receipt), message);
        Shown(message).ShouldBe(state);
        plan.Events.Select(one => one.Data.Split("\"status\":\"")[1].Split('"')[0]).ShouldBe(events.Split(' '));
    }

    [Fact]
    public void Every_order_of_all_receipts_ends_in_the_same_state()
    {
        string[] words = ["queued", "sending", "sent", "undelivered:30008", "delivered"];
        foreach (var order in Permutations(words))
        {
            var message = Message(sid: Sid);
            Make(order.Select(Receipt), message);
            Shown(message).ShouldBe("delivered delivered", string.Join(' ', order));
        }
    }

    [Fact]
    public void Early_receipt_binds_the_text_it_names()
    {
        var message = Message(sid: null, state: "sending");
        var plan = Make([new Receipt(Sid, 5, "sent", null)], message, bySid: false);
        plan.Results.ShouldBe([ReceiptResult.Applied]);
        message.Sid.ShouldBe(Sid);
        plan.Bound.ShouldBe([message]);
    }

    [Fact]
    public void Receipt_of_a_text_that_was_to_be_sent_again_shows_that_it_was_taken()
    {
        var message = Message(sid: null, state: "pending");
        Make([new Receipt(Sid, 5, "queued", null)], message, bySid: false);
        message.State.ShouldBe("sent");
    }

    [Fact]
    public void Id_bound_to_another_sid_is_ignored_and_noted()
    {
        var message = Message(sid: Sid);
        var plan = Make([new Receipt("SMffffffffffffffffffffffffffffffff", 5, "delivered", null)], message, bySid: false);
        plan.Results.ShouldBe([ReceiptResult.Ignored]);
        plan.Changed.ShouldBeEmpty();
        plan.Oddities.Single().Verdict.ShouldBe("other_sid");
    }

    [Fact]
    public void Second_sid_for_one_id_within_a_batch_is_ignored()
    {
        var message = Message(sid: null, state: "sending");
        var plan = Make([new Receipt(Sid, 5, "sent", null), new Receipt("SMffffffffffffffffffffffffffffffff", 5, "delivered", null)], message, bySid: false);
        plan.Results.ShouldBe([ReceiptResult.Applied, ReceiptResult.Ignored]);
        message.State.ShouldBe("sent");
    }

    [Fact]
    public void Known_sid_under_another_texts_id_is_ignored_and_noted()
    {
        var plan = Make([new Receipt(Sid, 6, "delivered", null)], Message(sid: Sid));
        plan.Results.ShouldBe([ReceiptResult.Ignored]);
        plan.Oddities.Single().Verdict.ShouldBe("other_message");
    }

    [Fact]
    public void Text_that_was_never_handed_over_gets_no_receipt()
    {
        var plan = Make([new Receipt(Sid, 5, "delivered", null)], Message(sid: null, state: "pending", attempt: 0), bySid: false);
        plan.Results.ShouldBe([ReceiptResult.Ignored]);
        plan.Oddities.Single().Verdict.ShouldBe("never_sent");
    }

    [Fact]
    public void Receipt_of_nothing_is_unknown()
    {
        var plan = ReceiptPlan.Make([new Receipt(Sid, null, "sent", null)], new Dictionary<int, ReceiptMatch>());
        plan.Results.ShouldBe([ReceiptResult.Unknown]);
        plan.Oddities.Single().ShouldBe(new ReceiptOddity("unknown", Sid, null));
    }

    [Fact]
    public void Versions_follow_the_conversations_own()
    {
        var plan = Make(["sent", "delivered"], Message(sid: Sid));
        plan.Events.Select(one => one.Version).ShouldBe([42, 43]);
        plan.Versions[3].ShouldBe(43);
    }

    [Fact]
    public void Event_says_what_changed()
    {
        var plan = Make([Receipt("undelivered:30003")], Message(sid: Sid));
        plan.Events.Single().Data.ShouldBe("""{"m":5,"status":"undelivered","code":30003,"rank":50}""");
        Make([Receipt("failed:21610")], Message(sid: Sid)).Events.Single().Data
            .ShouldBe("""{"m":5,"status":"failed","code":21610,"rank":50,"consent":"out"}""");
    }

    private static ReceiptPlan Make(IEnumerable<string> words, ReceiptMessage message) => Make(words.Select(Receipt), message);

    private static ReceiptPlan Make(IEnumerable<Receipt> receipts, ReceiptMessage message, bool bySid = true)
    {
        Receipt[] all = [.. receipts];
        return ReceiptPlan.Make(all, Enumerable.Range(0, all.Length).ToDictionary(index => index, _ => new ReceiptMatch(message, bySid)));
    }

    private static Receipt Receipt(string words)
    {
        var parts = words.Split(':');
        return new Receipt(Sid, null, parts[0], parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    private static ReceiptMessage Message(string? sid, string state = "sent", int attempt = 1) => new()
    {
        Id = 5,
        At = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        ConversationId = 3,
        UserId = 2,
        State = state,
        Rank = 0,
        Sid = sid,
        Attempt = attempt,
        ReplyTo = 4,
        Version = 41,
    };

    private static string Shown(ReceiptMessage message) => $"{message.State} {message.Status!.Word} {message.ErrorCode}".TrimEnd();

    private static IEnumerable<string[]> Permutations(string[] words) => words.Length <= 1
        ? [words]
        : words.SelectMany((word, index) => Permutations([.. words[..index], .. words[(index + 1)..]]).Select(rest => (string[])[word, .. rest]));
}
