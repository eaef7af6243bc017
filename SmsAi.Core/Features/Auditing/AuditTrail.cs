using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Who acts: an operator in a browser, a key, the command line, or the service itself.</summary>
public sealed record Actor(string Name, long? Id = null, string Role = "", IPAddress? Address = null, string? Session = null)
{
    /// <summary>The service acting on its own, such as the end of a timed pause.</summary>
    public static Actor Service { get; } = new("SmsAi");

    /// <summary>Someone at the server's own command line.</summary>
    public static Actor CommandLine { get; } = new("command line");
}

/// <summary>One line of the trail: fixed words for act and resource, ids and numbers in the metadata, never a body or a phone number.</summary>
public sealed record AuditAct(Actor Actor, string Action, string Resource, string Metadata = "{}");

/// <summary>The append-only audit trail. Rows are written by the database's own function alone, each bound to the one before by its hash.</summary>
public sealed class AuditTrail(Databases databases)
{
    /// <summary>The trace the act belongs to leads from the line to the log.</summary>
    private const string Append = """
        select audit_append($1, $2, $3, $4, $5, case when $9::text is null then $6::jsonb else $6::jsonb || jsonb_build_object('correlation', $9::text) end, $7, $8)
        """;

    /// <summary>For metadata in which some things may be missing.</summary>
    internal static JsonSerializerOptions WithoutNulls { get; } = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Appends in a transaction of its own.</summary>
    public async Task AppendAsync(AuditAct entry, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await AppendAsync(connection, entry, cancel);
    }

    /// <summary>Appends in the caller's transaction: no effect without its line, no line without its effect.</summary>
    public static async Task AppendAsync(NpgsqlConnection connection, AuditAct entry, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Append, connection);
        foreach (var parameter in Parameters(entry))
            command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The same as a command of a batch, for acts that must cost one round trip.</summary>
    public static NpgsqlBatchCommand ToBatchCommand(AuditAct entry)
    {
        var command = new NpgsqlBatchCommand(Append);
        foreach (var parameter in Parameters(entry))
            command.Parameters.Add(parameter);
        return command;
    }

    private static IEnumerable<NpgsqlParameter> Parameters(AuditAct entry) =>
    [
        Text(entry.Actor.Name),
        new NpgsqlParameter { Value = (object?)entry.Actor.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        Text(entry.Actor.Role),
        Text(entry.Action),
        Text(entry.Resource),
        new NpgsqlParameter { Value = entry.Metadata, NpgsqlDbType = NpgsqlDbType.Jsonb },
        new NpgsqlParameter { Value = (object?)entry.Actor.Address ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Inet },
        Text(entry.Actor.Session),
        Text(Activity.Current?.TraceId.ToHexString()),
    ];

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
