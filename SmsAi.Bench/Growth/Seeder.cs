using System.Globalization;
using Npgsql;
using SmsAi.Bench.Load;
using SmsAi.Bench.Product;
using SmsAi.Bench.Rows;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Bench.Growth;

/// <summary>
/// Fills a database of the bench with invented people and the texts they had answered, encrypted and blinded as the product does it, by COPY in
/// the order of time. Many short transactions: a long one would hold back every reader of the ledger. In the end the readers' cursors stand
/// behind the last event, since what they would write is here already.
/// </summary>
internal sealed class Seeder(NpgsqlDataSource database, PrivacyOptions keys, string ourNumber, SeedPlan plan)
{
    private const int PeopleAtOnce = 20_000;
    private const int TextsAtOnce = 10_000;
    private const int TextsBetweenWords = 500_000;

    // Readers that never ran have no cursor yet, nor has the receipt poll.
    private const string MoveCursors = """
        insert into ledger_cursors (reader, tx, id)
        select r.reader, e.tx, e.id from unnest($1) r(reader), (select tx, id from events order by tx desc, id desc limit 1) e
        on conflict (reader) do update set tx = excluded.tx, id = excluded.id
        """;

    private const string KeepInbox = """
        insert into inbox (conversation_id, user_id, last_at, last_message, texted_at, text_position)
        select c.id, c.user_id, newest.created_at, newest.id, text.created_at, text.position from conversations c
        cross join lateral (select m.id, m.created_at from messages m where m.conversation_id = c.id order by m.created_at desc, m.id desc limit 1) newest
        cross join lateral (select m.created_at, m.position from messages m where m.conversation_id = c.id and m.direction = 'in' order by m.created_at desc, m.id desc limit 1) text
        """;

    private readonly PhoneHasher _hasher = new(keys.PhoneHashKeyBytes());
    private readonly MasterKeys _masters = new(keys.EncryptionKeyBytes());

    /// <summary>The readers whose work is written here.</summary>
    internal static readonly string[] Readers =
        ["inbox", "metrics", "pause-notices", "people", "receipt_poll_1", "receipt_poll_3", "receipt_poll_9", "tasks", "terms"];

    public async Task RunAsync(TextWriter console, CancellationToken cancel)
    {
        await OwnDatabase.EnsureAsync(database, cancel);
        await ExecuteAsync("select ensure_month_partitions($1, $2)", cancel, plan.Months[0], plan.Months.Count);
        var people = await WritePeopleAsync(cancel);
        await console.WriteLineAsync($"{plan.People} people.");
        await WriteTextsAsync(people, console, cancel);
        await ExecuteAsync("select setval('users_id_seq', $1)", cancel, (long)plan.People + 100);
        await ExecuteAsync("select setval('messages_id_seq', $1)", cancel, 2L * plan.Texts + 1000);
        await ExecuteAsync("select setval(pg_get_serial_sequence('conversations', 'id'), $1)", cancel, (long)plan.People);
        await ExecuteAsync(KeepInbox, cancel);
        await MarkReadAsync(cancel);
        // Without statistics the intake ran at a quarter of its speed. A database that has grown in ninety days was vacuumed all along; one that was
        // filled at once is only just being vacuumed when the texts come.
        await ExecuteAsync("vacuum (analyze)", cancel);
    }

    /// <summary>Puts the readers behind all there is. What an earlier run left is nobody's to ask for: its carrier is gone.</summary>
    public Task MarkReadAsync(CancellationToken cancel) => ExecuteAsync(MoveCursors, cancel, (object)Readers);

    private async Task<PersonRow[]> WritePeopleAsync(CancellationToken cancel)
    {
        var people = new PersonRow[plan.People];
        var texts = plan.TextsByPerson();
        foreach (var chunk in Enumerable.Range(0, plan.People).Chunk(PeopleAtOnce))
        {
            foreach (var index in chunk)
                people[index] = PersonRow.Make(index + 1, People.Seeded + index, _hasher, _masters);
            await InTransactionAsync(
                [
                    connection => CopyAsync(connection, "users (id, phone_hash, phone_cipher, phone_tail, alias, country, created_at)", chunk,
                        (row, index) => row.Add(people[index].UserId).Add(people[index].Hash).Add(people[index].PhoneCipher).Add(people[index].Tail)
                            .Add(people[index].Alias).Add(PersonRow.Country).Add(plan.Begin), cancel),
                    connection => CountAsync(connection, [.. chunk.Select(index => people[index].UserId)], [.. chunk.Select(index => (long)texts[index])], cancel),
                    connection => CopyKeysAsync(connection, DateOnly.FromDateTime(DateTime.UnixEpoch),
                        [.. chunk.Select(index => (people[index].UserId, people[index].Profile.Id, people[index].WrappedProfile))], cancel),
                    connection => CopyAsync(connection, "conversations (id, user_id, our_number, version, created_at)", chunk,
                        (row, index) => row.Add(people[index].UserId).Add(people[index].UserId).Add(ourNumber).Add(4L * texts[index]).Add(plan.Begin), cancel),
                ], cancel);
        }

        return people;
    }

    // The database made each person's row of counters with her.
    private async Task CountAsync(NpgsqlConnection connection, long[] people, long[] texts, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "update user_activity a set last_active = $3, texts_total = x.texts from unnest($1, $2) x(id, texts) where a.user_id = x.id", connection)
        {
            Parameters = { new() { Value = people }, new() { Value = texts }, new() { Value = plan.Now } },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task WriteTextsAsync(PersonRow[] people, TextWriter console, CancellationToken cancel)
    {
        (DateOnly Month, PersonKey[] Keys, SearchKey Search)? of = null;
        foreach (var chunk in Enumerable.Range(0, plan.Texts).Chunk(TextsAtOnce))
        {
            // A chunk that ends in the next month is written by months.
            foreach (var part in chunk.GroupBy(text => SeedPlan.MonthOf(plan.At(text))))
            {
                if (of?.Month != part.Key)
                    of = (part.Key, await WriteMonthKeysAsync(people, part.Key, cancel), await new SearchKeys(database, _masters).GetOrCreateAsync(part.Key, cancel));
                using var search = new TermBlinder(of.Value.Search);
                await WriteTextsAsync([.. part.Select(text => SeededText.Make(text, plan, of.Value.Keys, _hasher, search))], cancel);
            }

            if ((chunk[^1] + 1) % TextsBetweenWords == 0 || chunk[^1] == plan.Texts - 1)
                await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{2 * (chunk[^1] + 1L)} messages."));
        }
    }

    private async Task<PersonKey[]> WriteMonthKeysAsync(PersonRow[] people, DateOnly month, CancellationToken cancel)
    {
        var monthKeys = new PersonKey[people.Length];
        foreach (var chunk in Enumerable.Range(0, people.Length).Chunk(PeopleAtOnce))
        {
            foreach (var index in chunk)
                monthKeys[index] = PersonKey.Create();
            await InTransactionAsync(
                [
                    connection => CopyKeysAsync(connection, month,
                        [.. chunk.Select(index => (people[index].UserId, monthKeys[index].Id, _masters.Wrap(monthKeys[index])))], cancel),
                ], cancel);
        }

        return monthKeys;
    }

    private Task WriteTextsAsync(SeededText[] texts, CancellationToken cancel) => InTransactionAsync(
        [
            connection => CopyAsync(connection, "message_sids (twilio_sid, message_id, created_at, direction)", texts, (row, text) => row
                .Add(text.Sid).Add(text.Id).Add(text.At).AddEnum("in")
                .Next().Add(text.AnswerSid).Add(text.AnswerId).Add(text.AnsweredAt).AddEnum("out"), cancel),
            connection => CopyAsync(connection, """
                messages (id, created_at, conversation_id, user_id, direction, kind, state, rank, position, reply_to, key_id, body_cipher, fields_cipher, content_hash,
                  sid, verdict, ingested_via, num_segments, attempt, sending_at, sent_at, carrier_status, model, tokens_in, tokens_out, model_ms, answer_ms,
                  model_micros, carrier_micros)
                """, texts, (row, text) => text.AddMessages(row), cancel),
            connection => CopyAsync(connection, "message_terms (message_id, created_at, terms)", texts, (row, text) => row
                .Add(text.Id).Add(text.At).AddTerms(text.Row.Terms).Next().Add(text.AnswerId).Add(text.AnsweredAt).AddTerms(text.AnswerRow.Terms), cancel),
            connection => CopyAsync(connection, "events (stream_id, version, type, correlation_id, data, created_at)", texts, (row, text) => text.AddEvents(row), cancel),
            connection => CopyAsync(connection, """
                tasks (user_id, conversation_id, inbound_id, inbound_at, outbound_id, outbound_at, processing_ms, tokens_used, success, task_hash, created_at, completed_at)
                """, texts, (row, text) => row
                .Add(text.UserId).Add(text.UserId).Add(text.Id).Add(text.At).Add(text.AnswerId).Add(text.AnsweredAt).Add(120).Add(110).Add(true)
                .Add(text.TaskHash).Add(text.At).Add(text.AnsweredAt), cancel),
        ], cancel);

    private Task CopyKeysAsync(
        NpgsqlConnection connection, DateOnly month, (long UserId, Guid KeyId, byte[] Wrapped)[] wrapped, CancellationToken cancel) =>
        CopyAsync(connection, "user_keys (user_id, month, key_id, wrapped, master_id)", wrapped,
            (row, key) => row.Add(key.UserId).Add(month).Add(key.KeyId).Add(key.Wrapped).Add(_masters.CurrentId), cancel);

    private async Task InTransactionAsync(IEnumerable<Func<NpgsqlConnection, Task>> copies, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        foreach (var copy in copies)
            await copy(connection);
        await transaction.CommitAsync(cancel);
    }

    private static async Task CopyAsync<T>(
        NpgsqlConnection connection, string columns, IEnumerable<T> items, Action<CopyRow, T> write, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {columns} from stdin (format binary)", cancel);
        var row = new CopyRow(copy);
        foreach (var item in items)
            write(row.Next(), item);
        await copy.CompleteAsync(cancel);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
