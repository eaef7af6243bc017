using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Settings;

/// <summary>Changes a live setting and puts it back: checked first, refused on an old reading, in one transaction with history and audit trail.</summary>
public sealed class SettingActs(Databases databases, SettingCatalogue catalogue, SettingCheck check, SettingReader reader, LiveFeed live)
{
    public const int LongestReason = 200;

    /// <param name="value">Null takes the console's value away: file, environment or default hold again.</param>
    /// <param name="version">The version that was seen.</param>
    public async Task<SettingOutcome> ChangeAsync(string key, string? value, int version, string reason, Actor actor, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanAdminister].Contains(actor.Role))
            throw new UnauthorizedAccessException("Changing settings needs the right to administer.");
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, LongestReason);
        var setting = catalogue.Find(key) ?? throw new ArgumentException("There is no such setting.", nameof(key));
        var wanted = value?.Trim();
        if (!setting.IsLive || wanted is not null && check.FaultOf(setting, wanted) is not null)
            return new SettingOutcome.Wrong(check.FaultOf(setting, wanted ?? "") ?? "");

        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var one = new NpgsqlCommand(SettingSql.Lock, connection) { Parameters = { new() { Value = setting.Key } } })
            await one.ExecuteNonQueryAsync(cancel);
        var current = await CurrentAsync(connection, setting, cancel);
        if ((current?.Version ?? 0) != version)
            return new SettingOutcome.Conflict(current!);
        if (!await WriteAsync(connection, setting, wanted, version, reason, actor, cancel))
            return new SettingOutcome.Conflict((await CurrentAsync(connection, setting, cancel))!);
        var (before, after) = (current?.Value ?? reader.WithoutConsole(setting), wanted ?? reader.WithoutConsole(setting));
        var metadata = JsonSerializer.Serialize(new { before = new { value = before }, after = new { value = after }, reason });
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, wanted is null ? "setting.reset" : "setting.change", "setting:" + setting.Key, metadata), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Settings);
        return new SettingOutcome.Done();
    }

    private static async Task<SettingChange?> CurrentAsync(NpgsqlConnection connection, Setting setting, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(SettingSql.Current, connection) { Parameters = { new() { Value = setting.Key } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? SettingReader.Change(row) : null;
    }

    private static async Task<bool> WriteAsync(NpgsqlConnection connection, Setting setting, string? value, int version, string reason, Actor actor, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(SettingSql.Write, connection)
        {
            Parameters =
            {
                new() { Value = setting.Key }, new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = actor.Name },
                new() { Value = reason }, new() { Value = version },
            },
        };
        return await command.ExecuteScalarAsync(cancel) is not null;
    }
}
