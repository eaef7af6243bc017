using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>What a person's subscription allows; the owner adds tiers.</summary>
public sealed class Tier
{
    public short Id { get; init; }
    public required string Name { get; set; }

    /// <summary>Answers a minute; 0 switches the limit off.</summary>
    public int PerMinute { get; set; }

    /// <summary>Answers a day; 0 switches the limit off.</summary>
    public int PerDay { get; set; }

    /// <summary>Answers a UTC month; here and in the other months' limits 0 is no limit.</summary>
    public int PerMonth { get; set; }

    public long TokensMonth { get; set; }

    /// <summary>Micro-dollars, model and carrier together.</summary>
    public long MicrosMonth { get; set; }

    public int SegmentsMonth { get; set; }

    /// <summary>The models that may answer; none: whichever is set.</summary>
    public string[] Models { get; set; } = [];

    /// <summary>Earlier messages the model is shown; null: as set.</summary>
    public short? ContextTurns { get; set; }

    /// <summary>Higher goes first within a class.</summary>
    public short Priority { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The table behind a tier.</summary>
    public sealed class Table : IEntityTypeConfiguration<Tier>
    {
        public void Configure(EntityTypeBuilder<Tier> builder)
        {
            builder.ToTable("tiers").HasKey(row => row.Id);
            builder.Property(row => row.CreatedAt).HasDefaultValueSql("now()");
        }
    }
}

/// <summary>Adds the tiers to <see cref="SmsAiDb"/>.</summary>
public static class TierSets
{
    extension(SmsAiDb db)
    {
        public DbSet<Tier> Tiers => db.Set<Tier>();
    }
}
