using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Platform.Database;

/// <summary>
/// The database as pages and features see it. It knows no feature: each slice adds its entities by an <see cref="IEntityTypeConfiguration{T}"/>
/// in its own folder and its sets by an extension property.
/// </summary>
public sealed class SmsAiDb(DbContextOptions<SmsAiDb> options) : IdentityDbContext<Operator, OperatorRole, long>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        IdentityTables.Map(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(SmsAiDb).Assembly);
        SnakeCase.NameColumns(builder.Model);
    }
}
