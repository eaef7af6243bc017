using System.Text.Json;
using SmsAi.Bench.Floor;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Platform.Measuring;

/// <summary>The floor does the whole of the least: whoever leaves a row out makes it look cheaper than it is.</summary>
public sealed class FloorTests
{
    [Fact]
    public async Task What_comes_by_the_door_is_stored_answered_and_refused_where_its_signature_does_not_fit()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var carrier = await LoopbackCarrier.StartAsync();
        await using var model = await LoopbackModel.StartAsync();
        carrier.Script.Receipts = _ => [];
        var settings = Settings(database, carrier, model);
        await using var writer = await FloorWriter.StartAsync(settings);
        using var turns = new FloorTurns(writer);
        await using var door = await FloorDoor.OpenAsync(settings, turns);
        (carrier.Product, carrier.PublicBaseUrl) = (door.Address, settings.PublicBaseUrl);

        (await carrier.TextAsync("+14155550100", "Is anybody there?")).IsTaken.ShouldBeTrue();
        carrier.PublicBaseUrl = "https://elsewhere.example.com";
        (await carrier.TextAsync("+14155550100", "Or there?")).Status.ShouldBe(403);
        await turns.AnsweredAsync();

        carrier.Ledger.Accepted.ShouldHaveSingleItem().Body.ShouldBe("Echo: Is anybody there?");
        (await database.ScalarAsync<string>("select string_agg(state::text, ' ' order by id) from messages")).ShouldBe("received sent");
    }

    [Fact]
    public async Task Two_rounds_leave_every_row_of_every_text_and_each_answer_leaves_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var carrier = await LoopbackCarrier.StartAsync();
        await using var model = await LoopbackModel.StartAsync();
        carrier.Script.Receipts = _ => [];
        var settings = Settings(database, carrier, model);
        var order = new FloorOrder(Texts: 40, FirstNumber: 14_152_000_000, Senders: 8);
        using var orders = new StringReader(string.Join('\n', JsonSerializer.Serialize(settings), JsonSerializer.Serialize(order), JsonSerializer.Serialize(order)));
        using var answers = new StringWriter();

        (await FloorProgram.RunAsync(orders, answers)).ShouldBe(0);

        answers.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        carrier.Ledger.Accepted.Count.ShouldBe(80);
        carrier.Ledger.Duplicates.ShouldBeEmpty();
        // The second time the model is shown what was said the first time.
        model.Questions.Count(question => question.Turns.Count == 4).ShouldBe(40);
        (await database.ScalarAsync<string>("""
            select concat_ws(' ', (select count(*) from users), (select count(*) from user_keys), (select count(*) from conversations where version = 8),
              (select count(*) from messages where state = 'received' and fields_cipher is not null), (select count(*) from messages where state = 'sent'),
              (select count(*) from message_sids), (select count(*) from message_terms where terms <> ''), (select count(*) from events),
              (select count(*) from tasks where success and outbound_id is not null))
            """)).ShouldBe("40 80 40 80 80 160 160 320 80");
        (await database.ListAsync<string>("select string_agg(type, ' ' order by version) from events group by stream_id limit 1"))
            .ShouldHaveSingleItem().ShouldBe("received answered sending sent received answered sending sent");
        (await AnswerAsync(database)).ShouldStartWith("Echo: Round 0. Where is my parcel ");
    }

    [Fact]
    public async Task Who_is_stored_already_is_not_written_again_and_keeps_her_key()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var carrier = await LoopbackCarrier.StartAsync();
        await using var model = await LoopbackModel.StartAsync();
        carrier.Script.Receipts = _ => [];
        var settings = JsonSerializer.Serialize(Settings(database, carrier, model));
        foreach (var texts in (int[])[30, 40])
        {
            using var orders = new StringReader(settings + "\n" + JsonSerializer.Serialize(new FloorOrder(texts, FirstNumber: 14_152_000_000, Senders: 8)));
            using var answers = new StringWriter();
            (await FloorProgram.RunAsync(orders, answers)).ShouldBe(0);
        }

        (await database.ScalarAsync<string>("""
            select concat_ws(' ', (select count(*) from users), (select count(*) from user_keys), (select count(*) from conversations where version = 8),
              (select count(*) from messages m join user_keys k on k.key_id = m.key_id and k.user_id = m.user_id))
            """)).ShouldBe("40 80 30 140");
        (await AnswerAsync(database)).ShouldStartWith("Echo: Round 0. Where is my parcel ");
    }

    private static FloorSettings Settings(TestDatabase database, LoopbackCarrier carrier, LoopbackModel model) => new(
        database.MigrationsConnectionString, TestKeys.PhoneHash, TestKeys.Encryption, model.Address, carrier.Address, carrier.AccountSid, carrier.AuthToken, carrier.Number,
        "https://sms.example.com", new NumberRange(14_152_000_000, 40));

    private static async Task<string> AnswerAsync(TestDatabase database)
    {
        await using var command = database.Owner.CreateCommand(
            "select m.id, k.key_id, k.wrapped, m.body_cipher from messages m join user_keys k on k.key_id = m.key_id where m.direction = 'out' limit 1");
        await using var row = await command.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        return TestKeys.Masters.Unwrap(row.GetGuid(1), row.GetFieldValue<byte[]>(2)).Decrypt(row.GetFieldValue<byte[]>(3), "messages.body", row.GetInt64(0));
    }
}
