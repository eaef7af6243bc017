using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Runs the intake's one statement over a batch of prepared rows.</summary>
public sealed class IntakeStatement(Databases databases, Replica replica, MasterKeys masters, IntakeRows rows, IOptions<QueueOptions> queue)
{
    internal async Task<IntakeOutcome[]> RunAsync(List<IntakeRow> batch, bool mayLease, CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand(
            IntakeSql.KeepTexts(newcomers: batch.Exists(row => row.Sender.New is not null), wishes: batch.Exists(row => row.Consent is not null)));
        AddPeople(command.Parameters, batch);
        AddTexts(command.Parameters, batch);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = rows.Month });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = masters.CurrentId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = await replica.IdAsync(cancel) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Random.Shared.NextInt64() });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = mayLease });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = queue.Value.Lease });
        command.Parameters.Add(Columns.Of(batch, row => row.Arrival.WrittenAt?.UtcDateTime, NpgsqlDbType.TimestampTz));

        var outcomes = new IntakeOutcome[batch.Count];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            outcomes[reader.GetInt64(0) - 1] = IntakeOutcome.Read(reader);
        return outcomes;
    }

    private static void AddPeople(NpgsqlParameterCollection parameters, List<IntakeRow> batch)
    {
        parameters.Add(Columns.Of(batch, row => row.Arrival.Text.MessageSid, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.PhoneHash, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(batch, row => row.OurNumber, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.Arrival.Text.Channel, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.MessageId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(batch, row => row.Sender.UserId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(batch, row => row.Sender.Key.Id, NpgsqlDbType.Uuid));
        parameters.Add(Columns.Of(batch, row => row.Sender.New?.WrappedKey, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(batch, row => row.Sender.New?.PhoneCipher, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(batch, row => row.Arrival.Text.From.Tail, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.Sender.New is null ? null : Aliases.Of(row.Sender.UserId), NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.Arrival.Text.From.Country, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.Sender.New?.Profile.Id, NpgsqlDbType.Uuid));
        parameters.Add(Columns.Of(batch, row => row.Sender.New?.WrappedProfile, NpgsqlDbType.Bytea));
    }

    private static void AddTexts(NpgsqlParameterCollection parameters, List<IntakeRow> batch)
    {
        parameters.Add(Columns.Of(batch, row => row.Body, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(batch, row => row.Fields, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(batch, row => row.ContentHash, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(batch, row => (short)Math.Clamp(row.Arrival.Text.NumSegments, 0, 255), NpgsqlDbType.Smallint));
        parameters.Add(Columns.Of(batch, row => (short)row.Arrival.Text.Media.Count, NpgsqlDbType.Smallint));
        parameters.Add(Columns.Of(batch, row => Verdicts.Word(row.Arrival.Text.From.Verdict), NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.Arrival.Via, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => row.Consent, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(batch, row => Event(row, batch.Count), NpgsqlDbType.Jsonb));
    }

    private static string Event(IntakeRow row, int batch) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"m":{{row.MessageId}},"via":"{{row.Arrival.Via}}","token":"{{row.Arrival.Token}}","url":"{{row.Arrival.UrlVariant}}","batch":{{batch}},"verdict":"{{Verdicts.Word(row.Arrival.Text.From.Verdict)}}","now":1}""");
}
