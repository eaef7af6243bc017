using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace SmsAi.Core.Platform.Database.Identity;

/// <summary>Gives Identity's entities the tables of the migrations.</summary>
internal static class IdentityTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<Operator>(entity =>
        {
            entity.ToTable("operators");
            entity.Property(row => row.CreatedAt).HasDefaultValueSql("now()");
        });
        model.Entity<OperatorRole>().ToTable("operator_roles");
        model.Entity<IdentityUserRole<long>>().ToTable("operator_role_members");
        model.Entity<IdentityUserClaim<long>>().ToTable("operator_claims");
        model.Entity<IdentityUserLogin<long>>().ToTable("operator_logins");
        model.Entity<IdentityUserToken<long>>().ToTable("operator_tokens");
        model.Entity<IdentityRoleClaim<long>>().ToTable("operator_role_claims");
    }
}
