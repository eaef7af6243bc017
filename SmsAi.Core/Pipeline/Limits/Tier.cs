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
