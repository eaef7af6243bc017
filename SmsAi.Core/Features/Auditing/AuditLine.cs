using Npgsql;

namespace SmsAi.Core.Features.Auditing;

/// <summary>One line of the trail as it was written.</summary>
public sealed record AuditLine
{
    public required long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public long? ActorId { get; init; }
    public required string Role { get; init; }
    public required string Action { get; init; }
    public required string Resource { get; init; }

    /// <summary>JSON.</summary>
    public required string Metadata { get; init; }

    public string? Address { get; init; }
    public string? Session { get; init; }
    public required byte[] PreviousHash { get; init; }
    public required byte[] Hash { get; init; }

    internal static AuditLine Of(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        At = row.GetFieldValue<DateTimeOffset>(1),
        Actor = row.GetString(2),
        ActorId = row.IsDBNull(3) ? null : row.GetInt64(3),
        Role = row.GetString(4),
        Action = row.GetString(5),
        Resource = row.GetString(6),
        Metadata = row.GetString(7),
        Address = row.IsDBNull(8) ? null : row.GetString(8),
        Session = row.IsDBNull(9) ? null : row.GetString(9),
        PreviousHash = row.GetFieldValue<byte[]>(10),
        Hash = row.GetFieldValue<byte[]>(11),
    };
}

/// <summary>A page of the trail, newest first, with the way to the pages beside it.</summary>
/// <param name="Total">How many lines match, counted up to <see cref="AuditReader.MostCounted"/>.</param>
/// <param name="People">The people among the resources, by id.</param>
public sealed record AuditWindow(
    IReadOnlyList<AuditLine> Lines, bool HasNewer, bool HasOlder, int Total, IReadOnlyDictionary<long, AuditPerson> People);

/// <summary>A person an act was about, as pages name her.</summary>
public sealed record AuditPerson(string Alias, string Tail);

/// <summary>What the trail can be filtered by.</summary>
public sealed record AuditChoices(IReadOnlyList<string> Actors, IReadOnlyList<string> Actions);
