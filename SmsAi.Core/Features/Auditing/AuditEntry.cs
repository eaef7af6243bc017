using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Auditing;

/// <summary>One line of the audit trail, to be read; the database's own function writes it.</summary>
public sealed class AuditEntry
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public long? ActorId { get; init; }
    public required string Role { get; init; }
    public required string Action { get; init; }
    public required string Resource { get; init; }
    public required JsonDocument Metadata { get; init; }
    public IPAddress? Ip { get; init; }
    public string? Session { get; init; }
    public required byte[] PreviousHash { get; init; }
    public required byte[] Hash { get; init; }

    /// <summary>The table behind the trail.</summary>
    public sealed class Table : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder) => builder.ToTable("audit").HasKey(row => row.Id);
    }
}

/// <summary>Adds the audit trail to <see cref="SmsAiDb"/>.</summary>
public static class AuditEntrySets
{
    extension(SmsAiDb db)
    {
        public IQueryable<AuditEntry> AuditEntries => db.Set<AuditEntry>().AsNoTracking();
    }
}
