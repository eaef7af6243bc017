using SmsAi.Core.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>The setting that demands a second factor.</summary>
public sealed class AccessOptionsTests
{
    [Fact]
    public void Role_that_is_none_is_named_with_those_there_are() =>
        new AccessOptions { SecondFactorRoles = ["Owner", "root"] }.Faults()
            .ShouldBe(["Access:SecondFactorRoles names 'root', which is no role. Roles are Owner, Admin, Operator, Auditor, Viewer."]);

    [Fact]
    public void By_default_no_role_must_have_one() => new AccessOptions().DemandsFactor("Owner").ShouldBeFalse();
}
