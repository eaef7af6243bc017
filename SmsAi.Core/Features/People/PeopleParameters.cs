using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.People;

/// <summary>The parameters of <see cref="PeopleListSql"/>, in their order.</summary>
internal static class PeopleParameters
{
    // Above, walking an order finds a page of them soon enough.
    private const int Few = 5_000;

    public static async Task<NpgsqlCommand> CommandAsync(
        Databases databases, string sql, PeopleFilter filter, DateTimeOffset now, int limit, CancellationToken cancel, PeopleOrder order = default,
        PeoplePlace? from = null)
    {
        var command = databases.Pages.CreateCommand(sql);
        AddFilter(command.Parameters, filter, await TierAsync(databases, filter.Tier, cancel), now);
        AddPlace(command.Parameters, limit, order, from, filter, await TaggedAsync(databases, filter.Tag, cancel));
        return command;
    }

    public static void AddFilter(NpgsqlParameterCollection parameters, PeopleFilter filter, short? tier, DateTimeOffset now)
    {
        var search = PeopleSearch.Of(filter.Search);
        Add(parameters, NpgsqlDbType.Text, search.Beginning);
        Add(parameters, NpgsqlDbType.Text, search.Word);
        Add(parameters, NpgsqlDbType.Text, search.Tail);
        Add(parameters, NpgsqlDbType.Smallint, tier);
        Add(parameters, NpgsqlDbType.Boolean, filter.IsBlocked);
        Add(parameters, NpgsqlDbType.TimestampTz, filter.ActiveSince?.UtcDateTime);
        Add(parameters, NpgsqlDbType.Text, filter.Country);
        Add(parameters, NpgsqlDbType.Bigint, filter.SpendMicros);
        Add(parameters, NpgsqlDbType.Date, new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1));
    }

    /// <summary>A place that can't be read is none: the list then begins at its beginning.</summary>
    public static void AddPlace(NpgsqlParameterCollection parameters, int limit, PeopleOrder order, PeoplePlace? from, PeopleFilter filter, long[]? tagged = null)
    {
        var value = from?.Value ?? "";
        var time = order is PeopleOrder.LastText or PeopleOrder.Since ? Time(value) : null;
        var spend = order == PeopleOrder.Spend ? Spend(value) : null;
        var isReadable = from is not null && (order == PeopleOrder.Alias || time is not null || spend is not null);
        Add(parameters, NpgsqlDbType.Integer, limit);
        Add(parameters, NpgsqlDbType.Bigint, isReadable ? from!.Id : null);
        Add(parameters, NpgsqlDbType.TimestampTz, time);
        Add(parameters, NpgsqlDbType.Text, value);
        Add(parameters, NpgsqlDbType.Date, spend?.Month);
        Add(parameters, NpgsqlDbType.Bigint, spend?.Micros);
        Add(parameters, NpgsqlDbType.Bigint, filter.Id);
        Add(parameters, NpgsqlDbType.Text, filter.Tag);
        Add(parameters, NpgsqlDbType.Array | NpgsqlDbType.Bigint, tagged);
    }

    /// <summary>To the microsecond, as the database keeps it.</summary>
    public static string Text(DateTimeOffset at) => (at.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    /// <summary>A tier there is not has nobody.</summary>
    private static async Task<short?> TierAsync(Databases databases, string? name, CancellationToken cancel)
    {
        if (name is null)
            return null;
        await using var command = databases.Pages.CreateCommand(PeopleListSql.Tier);
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(cancel) as short? ?? -1;
    }

    /// <summary>Who has a tag; null when nobody asks, or they are many.</summary>
    private static async Task<long[]?> TaggedAsync(Databases databases, string? tag, CancellationToken cancel)
    {
        if (tag is null)
            return null;
        await using var command = databases.Pages.CreateCommand(PeopleListSql.TaggedIds);
        command.Parameters.Add(new() { Value = tag });
        command.Parameters.Add(new() { Value = Few + 1 });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var people = new List<long>();
        while (await rows.ReadAsync(cancel))
            people.Add(rows.GetInt64(0));
        return people.Count > Few ? null : [.. people];
    }

    private static DateTime? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var micros) && micros <= DateTime.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? new DateTime(micros * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc) : null;

    private static (DateOnly Month, long Micros)? Spend(string text) =>
        text.Split('_') is [var month, var micros]
        && DateOnly.TryParseExact(month, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && long.TryParse(micros, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (date, number) : null;

    private static void Add(NpgsqlParameterCollection parameters, NpgsqlDbType type, object? value) =>
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
}
