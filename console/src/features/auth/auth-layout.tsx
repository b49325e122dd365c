import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Logo } from '#console/ui/logo.tsx';

import { Mosaic } from './mosaic.tsx';

/** The layout of the pages for signed-out users: the form, and a panel about Tessera on wide screens. */
export function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="flex flex-col px-6 py-6 sm:px-10">
        <header>
          <Link to="/" className="inline-block rounded-sm" aria-label="Tessera, home">
            <Logo />
          </Link>
        </header>
        <main className="flex flex-1 items-center justify-center py-10">
          <div className="w-full max-w-sm">{children}</div>
        </main>
      </div>
      <aside
        aria-label="About Tessera"
        className="relative hidden overflow-hidden border-l bg-sunken lg:flex lg:flex-col lg:justify-end"
      >
        <Mosaic />
        <div className="relative max-w-lg space-y-3 p-12">
          <p className="text-3xl leading-tight font-semibold tracking-tight text-balance">
            Write a schema. Get a fast, isolated API.
          </p>
          <p className="text-base text-pretty text-quiet">
            Define your types in GraphQL. Tessera creates the tables in your own PostgreSQL database
            and serves an API for them.
          </p>
        </div>
      </aside>
    </div>
  );
}
