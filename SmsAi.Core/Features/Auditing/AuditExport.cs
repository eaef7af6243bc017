using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Files;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Writes the matching lines of the trail into a file row by row, newest first; that somebody did, and what she got, are lines of the trail itself.</summary>
public sealed class AuditExport(Databases databases, AuditTrail trail)
{
    private const int FlushEvery = 200;

    private static readonly string[] Columns =
        ["row", "time", "who", "who id", "role", "act", "on", "reason", "correlation", "from", "session", "metadata", "previous hash", "hash"];

    /// <summary>Notes the act first: without its line nothing is read. The words that were searched for may be a person's and stay out of it.</summary>
    public Task NoteAsync(AuditFilter filter, string format, Actor actor, CancellationToken cancel)
    {
        AuditRights.Demand(actor, Rights.CanReadAudit);
        var metadata = JsonSerializer.Serialize(new
        {
            format,
            from = filter.From,
            until = filter.Until,
            who = filter.Actor,
            act = filter.Action,
            searched = filter.Search is not null,
        });
        return trail.AppendAsync(new AuditAct(actor, "audit.export", "audit", metadata), cancel);
    }

    /// <summary>Writes the file, then the line that says how many rows it got and whether those are all.</summary>
    public async Task WriteAsync(AuditFilter filter, string format, Stream file, Actor actor, CancellationToken cancel)
    {
        AuditRights.Demand(actor, Rights.CanReadAudit);
        var (rows, complete) = (0, false);
        try
        {
            await (format == "csv" ? WriteCsvAsync(Counted(), file, cancel) : WriteJsonAsync(Counted(), file, cancel));
            complete = true;
        }
        finally
        {
            // Also for whoever went away in the middle: what was sent is sent.
            await trail.AppendAsync(new AuditAct(actor, "audit.exported", "audit", JsonSerializer.Serialize(new { format, rows, complete })), CancellationToken.None);
        }

        async IAsyncEnumerable<AuditLine> Counted()
        {
            await foreach (var line in ReadAsync(filter, cancel))
            {
                rows++;
                yield return line;
            }
        }
    }

    /// <summary>For spreadsheets: a cell that would begin a formula there begins with an apostrophe.</summary>
    private static async Task WriteCsvAsync(IAsyncEnumerable<AuditLine> lines, Stream file, CancellationToken cancel)
    {
        // With the mark by which spreadsheets know UTF-8.
        await using var text = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await text.WriteLineAsync(string.Join(',', Columns.Select(Csv.Cell)));
        var written = 0;
        await foreach (var line in lines)
        {
            var detail = AuditDetail.Of(line.Metadata);
            string?[] cells =
            [
                Text(line.Id), AuditJson.Time(line.At), line.Actor, line.ActorId is { } id ? Text(id) : null, line.Role, line.Action, line.Resource, detail.Reason,
                detail.Correlation, line.Address, line.Session, line.Metadata, Convert.ToHexStringLower(line.PreviousHash), Convert.ToHexStringLower(line.Hash),
            ];
            await text.WriteLineAsync(string.Join(',', cells.Select(Csv.Cell)).AsMemory(), cancel);
            if (++written % FlushEvery == 0) await text.FlushAsync(cancel);
        }
    }

    /// <summary>One array of objects.</summary>
    private static async Task WriteJsonAsync(IAsyncEnumerable<AuditLine> lines, Stream file, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(file, AuditJson.Written with { Indented = true });
        json.WriteStartArray();
        var written = 0;
        await foreach (var line in lines)
        {
            AuditJson.Write(json, line);
            if (++written % FlushEvery == 0) await json.FlushAsync(cancel);
        }

        json.WriteEndArray();
        await json.FlushAsync(cancel);
    }

    private async IAsyncEnumerable<AuditLine> ReadAsync(AuditFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = await databases.Exports.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { AuditReader.Command(AuditSql.Older, filter, (null, NpgsqlDbType.Bigint), (null, NpgsqlDbType.Integer)) },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) yield return AuditLine.Of(rows);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
