using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>A page that fails says so, with an id, and neither stays broken nor takes the frame along.</summary>
public sealed class PageBoundaryTests : BunitContext
{
    [Fact]
    public void Failed_page_shows_an_id_to_find_its_fault_by()
    {
        var boundary = RenderWith(new Fragile { IsBroken = true });

        boundary.Find(".title").TextContent.ShouldBe("This page couldn't be shown");
        boundary.Find("[data-copy]").GetAttribute("data-copy")!.Length.ShouldBe(10);
    }

    [Fact]
    public void Trying_again_shows_the_page_once_it_is_well()
    {
        var page = new Fragile { IsBroken = true };
        var boundary = RenderWith(page);

        page.IsBroken = false;
        boundary.Find("button").Click();

        boundary.Markup.ShouldContain("All is well");
    }

    [Fact]
    public void Going_to_another_page_starts_afresh()
    {
        var page = new Fragile { IsBroken = true };
        var boundary = RenderWith(page);

        page.IsBroken = false;
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("phone");

        boundary.WaitForAssertion(() => boundary.Markup.ShouldContain("All is well"));
    }

    private IRenderedComponent<PageBoundary> RenderWith(Fragile page) => Render<PageBoundary>(p => p.AddChildContent(builder =>
    {
        builder.OpenComponent<Page>(0);
        builder.AddAttribute(1, nameof(Page.State), page);
        builder.CloseComponent();
    }));

    private sealed class Fragile
    {
        public bool IsBroken { get; set; }
    }

    private sealed class Page : ComponentBase
    {
        [Parameter] public Fragile State { get; set; } = new();

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            if (State.IsBroken) throw new InvalidOperationException("Broken on purpose.");
            builder.AddContent(0, "All is well");
        }
    }
}
