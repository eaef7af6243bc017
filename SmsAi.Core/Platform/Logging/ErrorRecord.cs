using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Platform.Logging;

/// <summary>A fault kept with its context until somebody resolves it.</summary>
public sealed class ErrorRecord
{
    public long Id { get; init; }
    public long? UserId { get; init; }
    public long? TaskId { get; init; }
    public required string ErrorType { get; init; }
    public required string ErrorMessage { get; init; }
    public string? StackTrace { get; init; }
    public required string Category { get; init; }
    public required string Severity { get; init; }
    public string Component { get; init; } = "";
    public string Operation { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public bool Resolved { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public string? ResolvedBy { get; set; }

    /// <summary>What an operator noted when she resolved or reopened it.</summary>
    public string? Note { get; set; }
    public required JsonDocument Metadata { get; init; }

    /// <summary>The table behind a kept fault.</summary>
    public sealed class Table : IEntityTypeConfiguration<ErrorRecord>
    {
        public void Configure(EntityTypeBuilder<ErrorRecord> builder) => builder.ToTable("error_logs").HasKey(row => row.Id);
    }
}

/// <summary>Adds the kept faults to <see cref="SmsAiDb"/>.</summary>
public static class ErrorRecordSets
{
    extension(SmsAiDb db)
    {
        public DbSet<ErrorRecord> ErrorRecords => db.Set<ErrorRecord>();
    }
}
