using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>One inbound turn and its answer, as lists and reports see it; a ledger reader writes it.</summary>
public sealed class TurnTask
{
    public long Id { get; init; }
    public long UserId { get; init; }
    public long ConversationId { get; init; }
    public long InboundId { get; init; }
    public DateTimeOffset InboundAt { get; init; }
    public long? OutboundId { get; init; }
    public DateTimeOffset? OutboundAt { get; init; }
    public required string Category { get; init; }

    /// <summary>The database's <c>task_priority</c>: low, medium, high or urgent.</summary>
    public required string Priority { get; init; }

    public float? ComplexityScore { get; init; }
    public int? ProcessingMs { get; init; }
    public int TokensUsed { get; init; }
    public bool? Success { get; init; }
    public string? ErrorMessage { get; init; }
    public byte[]? TaskHash { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public required JsonDocument Metadata { get; init; }

    /// <summary>The table behind a turn.</summary>
    public sealed class Table : IEntityTypeConfiguration<TurnTask>
    {
        public void Configure(EntityTypeBuilder<TurnTask> builder)
        {
            builder.ToTable("tasks").HasKey(row => row.Id);
            builder.Property(row => row.Priority).HasColumnType("task_priority");
        }
    }
}

/// <summary>Adds the turns to <see cref="SmsAiDb"/>.</summary>
public static class TurnTaskSets
{
    extension(SmsAiDb db)
    {
        public IQueryable<TurnTask> TurnTasks => db.Set<TurnTask>().AsNoTracking();
    }
}
