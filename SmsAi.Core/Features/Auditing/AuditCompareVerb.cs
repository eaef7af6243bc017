using System.Globalization;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Auditing;

/// <summary>
/// The program's verb <c>audit-compare</c>: holds a file the trail was copied to against the trail, row by row. Who owns the database can write
/// a whole new chain, and only what was kept outside tells.
/// </summary>
public sealed class AuditCompareVerb(Databases databases)
{
    public const string Name = "audit-compare";
    public const string Usage = "audit-compare FILE";

    private const int Differs = 1;
    private const int WrongUse = 2;
    private const int RowsAtOnce = 1000;

    /// <summary>0: the trail has every row of the copy as it is there; 1: the first row that differs is named, or the database doesn't answer; 2: wrong use.</summary>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancel)
    {
        if (args is not [var path])
            return await EndAsync(output, WrongUse, Usage);
        try
        {
            using var file = new StreamReader(path);
            return await CompareAsync(file, output, cancel);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return await EndAsync(output, WrongUse, $"The file can't be read ({fault.GetType().Name}).");
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            return await EndAsync(output, Differs, "The database doesn't answer: nothing was compared.");
        }
        catch (PostgresException fault)
        {
            return await EndAsync(output, Differs, $"The trail can't be read (PostgreSQL says {fault.SqlState}): nothing was compared.");
        }
    }

    private async Task<int> CompareAsync(TextReader file, TextWriter output, CancellationToken cancel)
    {
        await using var connection = await databases.Exports.OpenConnectionAsync(cancel);
        long rows = 0, first = 0, last = 0, torn = 0;
        await foreach (var lines in ReadAsync(file, cancel).Chunk(RowsAtOnce).WithCancellation(cancel))
        {
            var copied = lines.OfType<Copied>().ToList();
            torn += lines.Length - copied.Count;
            var kept = await RowsAsync(connection, [.. copied.Select(row => row.Id)], cancel);
            foreach (var row in copied)
            {
                // A batch may come again after a crash, so that only a step forward may leave rows out.
                if (last > 0 && row.Id > last + 1)
                    return await EndAsync(output, Differs, $"The copy lacks {Rows(last + 1, row.Id - 1)}. Up to row {Text(last)} it agrees with the trail.");
                if (!kept.TryGetValue(row.Id, out var line))
                    return await EndAsync(output, Differs, $"Row {Text(row.Id)} is not in the trail any more. In the copy it is: {row}.");
                if (!row.IsAsIn(line))
                    return await EndAsync(output, Differs, $"Row {Text(row.Id)} is another one in the trail. In the copy it is: {row}.");
                if (rows++ == 0)
                    first = row.Id;
                last = Math.Max(last, row.Id);
            }
        }

        if (torn > 0)
            await output.WriteLineAsync($"Lines that are no whole rows, as a crash leaves them: {Text(torn)}.");
        return rows == 0
            ? await EndAsync(output, Differs, "There is no row in this file.")
            : await EndAsync(output, 0, $"The trail has {Rows(first, last)} as they are in the copy, and {Text(await NewerAsync(connection, last, cancel))} newer ones.");
    }

    /// <summary>The file's rows; null for a line that is none.</summary>
    private static async IAsyncEnumerable<Copied?> ReadAsync(TextReader file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        while (await file.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length > 0)
                yield return Copied.Of(line);
        }
    }

    private static async Task<Dictionary<long, AuditLine>> RowsAsync(NpgsqlConnection connection, long[] ids, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(AuditSql.These, connection) { Parameters = { new NpgsqlParameter<long[]> { TypedValue = ids } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        var lines = new Dictionary<long, AuditLine>(ids.Length);
        while (await row.ReadAsync(cancel))
            lines[row.GetInt64(0)] = AuditLine.Of(row);
        return lines;
    }

    private static async Task<long> NewerAsync(NpgsqlConnection connection, long last, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(AuditSql.CountAfter, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = last } } };
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static string Rows(long first, long last) => first == last ? $"row {Text(first)}" : $"rows {Text(first)} to {Text(last)}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<int> EndAsync(TextWriter output, int code, string words)
    {
        await output.WriteLineAsync(words);
        return code;
    }

    /// <summary>A row as the copy has it.</summary>
    private sealed record Copied(long Id, JsonElement Row)
    {
        public static Copied? Of(string line)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                // A line without its hash is no whole row, however few fields it has to disagree in.
                _ = json.RootElement.GetProperty("hash");
                return new(json.RootElement.GetProperty("row").GetInt64(), json.RootElement.Clone());
            }
            catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                return null;
            }
        }

        /// <summary>Field by field: a row changed in place still has the hash it had. What only the trail's row has came with a newer program.</summary>
        public bool IsAsIn(AuditLine line)
        {
            using var kept = JsonDocument.Parse(AuditJson.Of(line));
            return Row.EnumerateObject().All(field =>
                kept.RootElement.TryGetProperty(field.Name, out var value) && JsonElement.DeepEquals(field.Value, value));
        }

        public override string ToString() => $"{Field("act")} by {Field("who")} at {Field("time")}";

        private string Field(string name) => Row.TryGetProperty(name, out var value) ? value.ToString() : "?";
    }
}
