using System.Runtime.CompilerServices;
using Npgsql;
using SmsAi.Bench.Growth;
using SmsAi.Bench.Load;
using SmsAi.Bench.Product;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Platform.Measuring;

/// <summary>The invented past of a grown database: never in somebody's, and such that the product takes it for its own.</summary>
public sealed class SeederTests
{
    private const string OurNumber = "+15005550006";

    private static readonly PrivacyOptions Keys = new() { PhoneHashKey = TestKeys.PhoneHash, EncryptionKey = TestKeys.Encryption };

    private static readonly SeedPlan Plan = new(Messages: 400, People: 30, DateTime.UtcNow);

    [Fact]
    public void Everybody_texts_once_before_anybody_texts_twice_and_time_only_moves_on()
    {
        var people = Enumerable.Range(0, Plan.Texts).Select(Plan.PersonOf).ToArray();
        foreach (var turn in people.Chunk(Plan.People).Where(turn => turn.Length == Plan.People))
            turn.Order().ShouldBe(Enumerable.Range(0, Plan.People));
        Plan.TextsByPerson().Sum().ShouldBe(200);

        var times = Enumerable.Range(0, Plan.Texts).Select(Plan.At).ToArray();
        times.ShouldBeInOrder();
        times[0].ShouldBe(Plan.Begin, TimeSpan.FromMilliseconds(1));
        times[^1].ShouldBeLessThan(Plan.Now);
        times.Select(SeedPlan.MonthOf).Distinct().ShouldBe(Plan.Months);
    }

    [Fact]
    public async Task A_database_that_the_bench_did_not_make_is_refused_and_untouched()
    {
        await using var database = await TestDatabase.CreateAsync();
        await OwnDatabase.MarkIfNewAsync(database.Owner, default);

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => SeedAsync(database));

        refusal.Message.ShouldContain("not made by the bench");
        (await database.ScalarAsync<long>("select count(*) from users")).ShouldBe(0);
    }

    [Fact]
    public async Task What_it_writes_is_whole_and_can_be_read_and_found()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await OwnDatabase.MarkIfNewAsync(database.Owner, default);
        await new MigrationRunner(database.MigrationsConnectionString, MigrationSet.Embedded()).ApplyAsync(force: false, default);

        await SeedAsync(database);

        (await database.ScalarAsync<string>("""
            select concat_ws(' ', (select count(*) from users), (select count(*) from conversations), (select count(*) from messages),
              (select count(*) from messages_default), (select count(*) from message_sids), (select count(*) from message_terms),
              (select count(*) from events), (select count(*) from tasks where success))
            """)).ShouldBe("30 30 400 0 400 400 800 200");
        // Nothing is left to any reader, and each conversation counts its events without a gap.
        (await database.ScalarAsync<bool>("""
            select not exists (select from ledger_cursors c where exists (select from events e where (e.tx, e.id) > (c.tx, c.id)))
              and not exists (
                select from conversations c join (select stream_id, count(*), min(version), max(version) from events group by 1) e on e.stream_id = c.id
                where (e.count, e.min, e.max) <> (c.version, 1, c.version))
            """)).ShouldBeTrue();
        (await WordsAsync(database)).ShouldBe("Hello, where is my invoice 1, please?");
        (await FoundAsync(database, "\"invoice 1\"")).ShouldBe(2);
    }

    [Fact]
    public void No_reader_is_left_out_which_would_read_the_whole_past_when_the_program_starts()
    {
        // A reader's name is a constant, so it needs nothing to tell it.
        var names = typeof(ILedgerReader).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ILedgerReader)))
            .Select(type => ((ILedgerReader)RuntimeHelpers.GetUninitializedObject(type)).Name);

        Seeder.Readers.ShouldBe([.. names, .. ReceiptPoll.Marks], ignoreOrder: true);
    }

    private static Task SeedAsync(TestDatabase database) =>
        new Seeder(database.Owner, Keys, OurNumber, Plan).RunAsync(TextWriter.Null, default);

    /// <summary>The words of the second text, found by its writer's number as the product finds her.</summary>
    private static async Task<string> WordsAsync(TestDatabase database)
    {
        await using var command = database.Owner.CreateCommand("""
            select m.id, k.key_id, k.wrapped, m.body_cipher from users u join messages m on m.user_id = u.id join user_keys k on k.key_id = m.key_id
            where u.phone_hash = $1 and m.id = 3
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = TestKeys.Hasher.Hash($"+{People.Seeded + Plan.PersonOf(1)}") });
        await using var row = await command.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        var key = TestKeys.Masters.Unwrap(row.GetGuid(1), row.GetFieldValue<byte[]>(2));
        return key.Decrypt(row.GetFieldValue<byte[]>(3), "messages.body", row.GetInt64(0));
    }

    private static async Task<long> FoundAsync(TestDatabase database, string words)
    {
        var living = await new SearchKeys(database.Owner, TestKeys.Masters).LivingAsync(default);
        return await database.ScalarAsync<long>("select count(*) from message_terms where terms @@ $1::tsquery", SearchTerms.ToQuery(words, living));
    }
}
