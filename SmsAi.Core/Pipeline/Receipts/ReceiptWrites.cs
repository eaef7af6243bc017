using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>Writes what a plan decided, in one round trip.</summary>
internal static class ReceiptWrites
{
    private static readonly int[] UnreachableCodes =
        [.. CarrierErrors.Known.Where(error => error.Action == CarrierAction.SuppressUnreachable).Select(error => error.Code)];

    public static async Task RunAsync(NpgsqlConnection connection, ReceiptPlan plan, int replicaId)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddChanges(batch, plan);
        AddPeople(batch, plan);
        AddAlerts(batch, [.. Alerts(plan)]);
        AddOddities(batch, plan, replicaId);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync();
        await AlertUnreachableAsync(connection, plan);
    }

    private static void AddChanges(NpgsqlBatch batch, ReceiptPlan plan)
    {
        if (plan.Changed.Count == 0)
            return;
        ReceiptMessage[] changed = [.. plan.Changed];
        Add(batch, ReceiptSql.Change,
            Array(changed, message => message.Id), Array(changed, message => message.At), Array(changed, message => message.State),
            Array(changed, message => (short)message.Rank), Array(changed, message => message.Sid), Array(changed, message => message.Status!.Word),
            Array(changed, message => message.ErrorCode), Array(changed, Words), Array(changed, message => message.Status!.IsFinal));
        ReceiptMessage[] bound = [.. plan.Bound];
        if (bound.Length > 0)
        {
            Add(batch, ReceiptSql.Bind, Array(bound, message => message.Sid), Array(bound, message => message.Id), Array(bound, message => message.At));
            Add(batch, ReceiptSql.Resolve, Array(bound, message => message.Id));
        }

        Add(batch, ReceiptSql.MoveVersions, Array([.. plan.Versions], one => one.Key), Array([.. plan.Versions], one => one.Value));
        var data = Array(plan.Events, one => one.Data);
        data.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb;
        Add(batch, ReceiptSql.Tell,
            Array(plan.Events, one => one.ConversationId), Array(plan.Events, one => one.Version), Array(plan.Events, one => one.Type),
            Array(plan.Events, one => one.CorrelationId), data);
    }

    private static void AddPeople(NpgsqlBatch batch, ReceiptPlan plan)
    {
        var optedOut = PeopleWith(plan, CarrierAction.SuppressConsent);
        if (optedOut.Length > 0)
            Add(batch, ReceiptSql.OptOut, Array(optedOut, id => id));
        var looping = PeopleWith(plan, CarrierAction.LoopMute);
        if (looping.Length > 0)
            Add(batch, ReceiptSql.Mute, Array(looping, id => id));
    }

    private static void AddAlerts(NpgsqlBatch batch, Alert[] alerts)
    {
        if (alerts.Length > 0)
            Add(batch, ReceiptSql.Alert,
                Array(alerts, alert => alert.Type), Array(alerts, alert => alert.Words), Array(alerts, alert => alert.Severity),
                Array(alerts, alert => alert.Code), Array(alerts, alert => alert.MessageId), Array(alerts, alert => alert.UserId));
    }

    private static void AddOddities(NpgsqlBatch batch, ReceiptPlan plan, int replicaId)
    {
        (ReceiptOddity One, int Times)[] rows = [.. plan.Oddities.GroupBy(one => one).Select(same => (same.Key, same.Count()))];
        if (rows.Length > 0)
            Add(batch, ReceiptSql.Note,
                Array(rows, row => row.One.Verdict), Array(rows, row => row.One.Sid), Array(rows, row => row.One.MessageId),
                Array(rows, row => row.Times), new NpgsqlParameter { Value = replicaId == 0 ? DBNull.Value : replicaId, NpgsqlDbType = NpgsqlDbType.Integer });
    }

    private static async Task AlertUnreachableAsync(NpgsqlConnection connection, ReceiptPlan plan)
    {
        var people = PeopleWith(plan, CarrierAction.SuppressUnreachable);
        if (people.Length == 0)
            return;
        await using var command = new NpgsqlCommand(ReceiptSql.Unreachable, connection) { Parameters = { Array(people, id => id), Array(UnreachableCodes, code => code) } };
        var gone = new HashSet<long>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                gone.Add(reader.GetInt64(0));
        }

        await using var batch = new NpgsqlBatch(connection);
        AddAlerts(batch, [.. plan.Failures
            .Where(failure => failure.Error.Action == CarrierAction.SuppressUnreachable && gone.Contains(failure.Message.UserId))
            .DistinctBy(failure => failure.Message.UserId)
            .Select(failure => Of(failure, "unreachable", "Three texts in a row did not reach a phone; sending more is wasted.", "LOW"))]);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync();
    }

    private static IEnumerable<Alert> Alerts(ReceiptPlan plan)
    {
        foreach (var failure in plan.Failures.DistinctBy(failure => failure.Error.Code))
        {
            var alert = failure.Error.Action switch
            {
                CarrierAction.LoopMute => Of(failure, "loop", "The carrier saw two machines talking; the sender is muted for an hour.", "HIGH"),
                CarrierAction.Content => Of(failure, "content_refused", failure.Error.Words, "MEDIUM"),
                CarrierAction.SenderPause or CarrierAction.Config => Of(failure, "sender_refused", failure.Error.Words, "HIGH"),
                CarrierAction.CarrierCap => Of(failure, "carrier_cap", failure.Error.Words, "MEDIUM"),
                _ => null,
            };
            if (alert is not null)
                yield return alert;
        }

        if (plan.Oddities.Find(one => one.Verdict is "other_sid" or "other_message" or "never_sent") is { } odd)
            yield return new Alert("receipt_mismatch", "A report named a text of ours under another SID: sent twice, or not by us.", "HIGH", 0, odd.MessageId, null);
    }

    private static Alert Of((ReceiptMessage Message, CarrierError Error) failure, string type, string words, string severity) =>
        new(type, words, severity, failure.Error.Code, failure.Message.Id, failure.Message.UserId);

    private static long[] PeopleWith(ReceiptPlan plan, CarrierAction action) =>
        [.. plan.Failures.Where(failure => failure.Error.Action == action).Select(failure => failure.Message.UserId).Distinct()];

    private static string? Words(ReceiptMessage message) => message.ErrorCode is { } code ? CarrierErrors.Find(code).Words : null;

    private static void Add(NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<TValue[]> Array<TItem, TValue>(IReadOnlyList<TItem> items, Func<TItem, TValue> value)
    {
        var values = new TValue[items.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = value(items[index]);
        return new NpgsqlParameter<TValue[]> { TypedValue = values };
    }

    private sealed record Alert(string Type, string Words, string Severity, int Code, long? MessageId, long? UserId);
}
